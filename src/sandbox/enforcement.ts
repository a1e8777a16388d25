// What holds the agents of this machine to their limits, in words: for the log at the start, for the doctor, for operators
// who compare it with docs/promises.md. Pure but for its defaults.
import type { MemoryFiles } from './ceilings.ts';
import { chooseProcessCeiling, type ProcessCeiling } from './process-ceiling.ts';

export type Enforcement = Readonly<{
  /** Beside the watchdog, which holds every limit everywhere. */
  processes: ProcessCeiling;
  /** Whether /tmp and /dev/shm of an agent have a size of their own. */
  memoryFiles: MemoryFiles;
  /** How the watchdog sees. */
  watchdog: '/proc' | 'ps';
}>;

const CEILINGS: Readonly<Record<ProcessCeiling, string>> = {
  pid_max: "pid_max of the sandbox's own process namespace",
  rlimit: "RLIMIT_NPROC of the sandbox's own user namespace",
  none: 'nothing of the kernel',
};

/** What holds agents here; `memoryFiles` is what the sandbox says of itself. */
export function readEnforcement(
  { mode, memoryFiles }: Readonly<{ mode: 'srt' | 'none'; memoryFiles: MemoryFiles }>,
  platform: NodeJS.Platform = process.platform,
  ceiling: ProcessCeiling = chooseProcessCeiling(),
): Enforcement {
  const isBubblewrap = mode === 'srt' && platform === 'linux';
  return {
    processes: isBubblewrap ? ceiling : 'none',
    memoryFiles,
    watchdog: platform === 'linux' ? '/proc' : 'ps',
  };
}

const FILES: Readonly<Record<MemoryFiles, string>> = {
  sized: '; sizes of /tmp and /dev/shm',
  watched: '; /tmp and /dev/shm by the watchdog alone',
  none: '',
};

/** One sentence each, ending in what could be better. */
export function describeEnforcement(enforcement: Enforcement): Readonly<{ say: string; mend?: string }> {
  const { processes, memoryFiles, watchdog } = enforcement;
  const say = `Limits are held by a watchdog that looks every 0.4 s (${watchdog}); behind it: processes by ${CEILINGS[processes]}, single files by RLIMIT_FSIZE${FILES[memoryFiles]}.`;
  const mends = [
    ...(processes === 'none' && watchdog !== 'ps' ? [mendProcesses(memoryFiles)] : []),
    ...(memoryFiles === 'watched'
      ? ['With bubblewrap 0.7.0 or newer, not setuid, /tmp and /dev/shm have a size too.']
      : []),
  ];
  return mends.length === 0 ? { say } : { say, mend: mends.join(' ') };
}

function mendProcesses(memoryFiles: MemoryFiles): string {
  return memoryFiles === 'none'
    ? 'With a sandbox the kernel bounds processes too.'
    : 'Run Errand as another user than root, or on Linux 6.14 or newer, and the kernel bounds processes too.';
}
