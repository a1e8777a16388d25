// What the kernel itself holds a sandboxed command to, however fast it is and whoever looks: its shell's rlimits, the
// size of every file system in memory, System V memory of its own. Builds words of command lines; starts nothing. Pure.

/** What one command with all it starts may never pass. The watchdog ends it sooner, and says why. */
export type Ceilings = Readonly<{
  /** Processes and threads together, as the kernel counts them. */
  tasks: number;
  /** The largest a single file may be. */
  fileBytes: number;
  /** Of each folder that is kept in memory: /tmp, /var/tmp, /dev/shm. */
  scratchBytes: number;
}>;

/** Who bounds what a command keeps in folders in memory, beside the watchdog, which counts it as the command's memory. */
export type MemoryFiles = 'sized' | 'watched' | 'none';

/** The folders in memory that a command is meant to write; the others only hide what lies below them. */
const SCRATCH = ['/tmp', '/var/tmp'];
const HIDING_BYTES = 1_048_576;

/** The library's /dev (0.0.83, linux-sandbox-utils): a writable tmpfs as large as half of the machine's memory. */
const FRESH_DEV = ' --dev /dev ';

/** Starts nothing that stays: whether a bubblewrap takes `--size`. It reads its options before it does anything else. */
export const SIZE_PROBE = ['--ro-bind', '/', '/', '--size', '4096', '--tmpfs', '/tmp', 'true'] as const;

/**
 * Reads the answer to `SIZE_PROBE`: bubblewrap knows `--size` since 0.7.0, and never takes it where it is setuid. Any other
 * failure is not about sizes, and the sandbox's own start tells it.
 */
export function readSizeProbe(stderr: string): MemoryFiles {
  return stderr.includes('--size') ? 'watched' : 'sized';
}

/**
 * Gives each tmpfs of a bubblewrap command line a size (where `memoryFiles` says that it takes one), closes /dev but for a /dev/shm of its own, and takes the command
 * out of the machine's System V memory, where it would meet other jobs and leave segments behind. Throws where the line is
 * not the one we know: the command must then not run.
 */
export function boundMemoryFiles(line: string, ceilings: Ceilings, memoryFiles: MemoryFiles): string {
  // What follows `--` is the command's own and may hold anything.
  const end = line.indexOf(' -- ');
  const options = line.slice(0, end + 1);
  const parts = options.split(FRESH_DEV);
  const [head = '', tail = ''] = parts;
  const [program, ...rest] = head.split(' ');
  if (end < 0 || parts.length !== 2 || tail.includes('--tmpfs'))
    throw new Error('the sandbox library mounts /dev in another way than it did');
  const size = (bytes: number) => (memoryFiles === 'sized' ? `--size ${bytes} ` : '');
  const sized = [program, '--unshare-ipc', ...rest].join(' ').replaceAll(/ --tmpfs (\S+)/g, (_all, path) => {
    const bytes = SCRATCH.includes(path) ? ceilings.scratchBytes : HIDING_BYTES;
    return ` ${size(bytes)}--tmpfs ${path}`;
  });
  const shared = `${size(ceilings.scratchBytes)}--tmpfs /dev/shm --remount-ro /dev `;
  return `${sized}${FRESH_DEV}${shared}${tail}${line.slice(end + 1)}`;
}

/**
 * Shell words that lower the limits of the shell and all it starts: no core files, no file above `fileBytes` (counted in
 * blocks of 512 bytes; POSIX, ulimit). `tasks` is for the innermost shell of a Linux sandbox alone: there the kernel counts
 * the processes of the sandbox's own user namespace (Linux 5.14 and newer, user_namespaces(7)), elsewhere all that the user
 * has. Root is never held by it. dash calls it `-p`, bash `-u`.
 */
export function buildLimits({ tasks, fileBytes }: Readonly<{ tasks?: number; fileBytes: number }>): string {
  const files = `ulimit -c 0; ulimit -f ${Math.ceil(fileBytes / 512)}`;
  return tasks === undefined ? files : `${files}; { ulimit -u ${tasks} || ulimit -p ${tasks}; } 2>/dev/null`;
}

/**
 * For the outermost shell: where memory really runs out, the kernel's choice falls on the agent and never on the runner or
 * the database. Where the runner is root, nothing inside can take it back (Linux; proc(5), oom_score_adj).
 */
export const FIRST_TO_GO = '{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null';
