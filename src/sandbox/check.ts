// Whether this machine can hold agents in: starts a real sandbox and looks from inside. For `errand doctor` and start.
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { toError } from '../errors.ts';
import { createLog } from '../log.ts';
import type { MemoryFiles } from './ceilings.ts';
import { createSandbox } from './sandbox.ts';

/** `ceiling`: whether the kernel really bounds the number of processes where it should; `memoryFiles`: as in `Sandbox`. */
export type SandboxCheck =
  | { ok: true; how: string; ceiling: boolean; memoryFiles: MemoryFiles }
  | { ok: false; problem: string; mend: string };

const PATIENCE_MS = 20_000;

/** Tries from inside what must not work and prints which of it does. */
const PROBE = `
const net = require('node:net');
const tell = (finding) => { console.log('finding:' + finding); };
const unix = net.createServer().on('error', () => outward());
unix.listen(process.cwd() + '/probe.sock', () => { tell('local sockets are open'); outward(); });
const outward = () => {
  const socket = net.connect({ host: '192.0.2.1', port: 9 });
  socket.on('error', (error) => {
    if (error.code !== 'ENETUNREACH' && error.code !== 'EHOSTUNREACH') tell('the network answers ' + error.code);
    console.log('probe:done');
    // It stays until it was looked at from outside.
    process.stdin.resume().on('end', () => process.exit(0));
  });
};
`;

/**
 * Really starts a sandboxed process. `how` says what holds it; `problem` and `mend` are for people, `mend` ends in
 * what to type.
 */
export async function checkSandbox(): Promise<SandboxCheck> {
  const jobDir = await realpath(await mkdtemp(join(tmpdir(), 'errand-check-')));
  try {
    return await tryOne(jobDir);
  } catch (error) {
    const { message, cause } = toError(error);
    return {
      ok: false,
      ...(cause === undefined ? splitSentences(message) : explainFailure(toError(cause).message)),
    };
  } finally {
    await rm(jobDir, { recursive: true, force: true });
  }
}

async function tryOne(jobDir: string): Promise<SandboxCheck> {
  const sandbox = await createSandbox({ mode: 'srt', log: createLog({ level: 'silent' }) });
  try {
    const [file = '', ...args] = [process.execPath, '-e', PROBE];
    const env = { PATH: '/usr/bin:/bin' };
    const wrapped = await sandbox.wrap({
      argv: [file, ...args],
      jobDir,
      writable: [jobDir],
      denyRead: [],
      egress: [],
      env,
      ceilings: { tasks: 1_000, fileBytes: 1e9, scratchBytes: 1e9 },
    });
    const [shell = '', ...rest] = wrapped.argv;
    const running = execa(shell, rest, {
      cwd: jobDir,
      env: wrapped.env,
      extendEnv: false,
      reject: false,
      timeout: PATIENCE_MS,
    });
    const ceiling = running.pid !== undefined && (await wrapped.started(running.pid));
    running.stdin.end();
    const { stdout, stderr, timedOut } = await running;
    await wrapped.release();
    const findings = stdout
      .split('\n')
      .flatMap((line) => (line.startsWith('finding:') ? [line.slice(8)] : []));
    if (findings.length > 0) return { ok: false, ...explainFindings(findings) };
    if (stdout.includes('probe:done'))
      return { ok: true, how: howItHolds(), ceiling, memoryFiles: sandbox.memoryFiles };
    return { ok: false, ...explainFailure(timedOut ? 'it did not end in time' : stderr) };
  } finally {
    await sandbox.close();
  }
}

function howItHolds(): string {
  if (process.platform === 'darwin') return 'Seatbelt (sandbox-exec)';
  return 'bubblewrap: own files, processes and network, no local sockets';
}

function explainFindings(findings: readonly string[]): { problem: string; mend: string } {
  return {
    problem: `A sandboxed process is not held in: ${findings.join(', ')}.`,
    mend: 'Run on x64 or arm64 with a kernel that allows seccomp filters, or set ERRAND_SANDBOX=none.',
  };
}

/** Turns what bubblewrap said into what a person can do about it. Pure. */
export function explainFailure(stderr: string): { problem: string; mend: string } {
  const said = stderr.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
  const problem = `The sandbox does not start here: ${said === '' ? 'it said nothing' : said}.`;
  const flags =
    '--security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined';
  if (/Unknown option|setuid mode/i.test(said)) {
    const mend =
      'Install bubblewrap 0.7.0 or newer, not setuid (`bwrap --version` tells), or set ERRAND_SANDBOX=none.';
    return { problem, mend };
  }
  if (/uid map|RTM_NEWADDR|Permission denied/i.test(said)) {
    const mend = `Allow user namespaces: \`sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0\` (Ubuntu ≥ 24.04), or in Docker run with \`${flags}\`, or set ERRAND_SANDBOX=none.`;
    return { problem, mend };
  }
  if (/namespace|proc on|Operation not permitted/i.test(said)) {
    const mend = `In Docker run with \`docker run ${flags} …\`; elsewhere allow unprivileged user namespaces (\`sudo sysctl -w kernel.unprivileged_userns_clone=1\`), or set ERRAND_SANDBOX=none.`;
    return { problem, mend };
  }
  return {
    problem,
    mend: 'Try `bwrap --unshare-user --ro-bind / / true` by hand, or set ERRAND_SANDBOX=none.',
  };
}

function splitSentences(message: string): { problem: string; mend: string } {
  const end = message.indexOf('. ');
  if (end < 0) return { problem: message, mend: 'Set ERRAND_SANDBOX=none to run agents without a sandbox.' };
  return { problem: message.slice(0, end + 1), mend: message.slice(end + 2) };
}
