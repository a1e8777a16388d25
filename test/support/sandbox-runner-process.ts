// A stand-in for a runner in a process of its own, to be killed: wraps a command, starts it, tells its process id on
// standard output and waits. Arguments: the job's home root and a script for the command.
import { execa } from 'execa';
import { pino } from 'pino';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { createSandboxHome, wrapOf } from './sandbox-job.ts';

const script = process.argv[2] ?? 'sleep 600';
const sandbox = await createSandbox({ mode: 'srt', log: pino({ level: 'silent' }) });
const home = await createSandboxHome();
const job = await home.job('J-1');
const wrapped = await sandbox.wrap(wrapOf(home.root, job, { argv: ['/bin/sh', '-c', script] }));
const [file = '', ...args] = wrapped.argv;
const options = {
  cwd: job.dir,
  env: wrapped.env,
  extendEnv: false,
  detached: true,
  stdout: 'inherit',
} as const;
const child = execa(file, args, options);
process.stdout.write(`${JSON.stringify({ pid: child.pid, root: home.root })}\n`);
await child;
