// Which programs the sandbox stands on, where they are, and how a person installs what is missing.
// Knows nothing of jobs and starts no sandbox.
import { execa } from 'execa';
import { surroundings } from '../surroundings.ts';
import { type MemoryFiles, readSizeProbe, SIZE_PROBE } from './ceilings.ts';

/** What the sandbox library starts on Linux, with the package that brings each. macOS brings its own sandbox. */
const LINUX_PACKAGES = { bwrap: 'bubblewrap', socat: 'socat', rg: 'ripgrep' } as const;

type BinaryName = keyof typeof LINUX_PACKAGES;
export type Binaries = Readonly<Partial<Record<BinaryName, string>>>;

const NAMES: readonly BinaryName[] = ['bwrap', 'socat', 'rg'];
const PROBE_PATIENCE_MS = 10_000;

/** Looks for the programs on this process's PATH; the answer holds absolute paths. */
export async function findBinaries(): Promise<Binaries> {
  const script = NAMES.map((name) => `printf '%s\\n' "$(command -v ${name})"`).join('; ');
  const { stdout } = await execa('/bin/sh', ['-c', script], { env: surroundings(), extendEnv: false });
  const lines = stdout.split('\n');
  const found = NAMES.map((name, at) => [name, lines[at] ?? ''] as const);
  return Object.fromEntries(found.filter(([, path]) => path.startsWith('/')));
}

/** Asks the bubblewrap at `bwrap` whether it gives folders in memory a size. Never throws. */
export async function findMemoryFiles(bwrap: string): Promise<MemoryFiles> {
  const { stderr } = await execa(bwrap, SIZE_PROBE, {
    cwd: '/',
    env: surroundings(),
    extendEnv: false,
    reject: false,
    timeout: PROBE_PATIENCE_MS,
  });
  return readSizeProbe(stderr ?? '');
}

/** Says what is missing on `platform` and what to type; undefined where nothing is. Pure. */
export function describeMissing(
  found: Binaries,
  platform: NodeJS.Platform,
): { problem: string; mend: string } | undefined {
  if (platform === 'darwin') return undefined;
  const optOut = 'or set ERRAND_SANDBOX=none to run agents without one';
  if (platform !== 'linux') {
    return {
      problem: `There is no sandbox for agents on ${platform}.`,
      mend: `Use Linux or macOS, ${optOut}.`,
    };
  }
  const missing = NAMES.filter((name) => found[name] === undefined);
  if (missing.length === 0) return undefined;
  const packages = missing.map((name) => LINUX_PACKAGES[name]).join(' ');
  return {
    problem: `The sandbox for agents needs ${listInWords(missing)}, which ${missing.length === 1 ? 'is' : 'are'} not installed.`,
    mend: `Run \`sudo apt-get install -y ${packages}\` (Homebrew: \`brew install ${packages}\`), ${optOut}.`,
  };
}

function listInWords(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
