// Closes the kernel's own settings to a sandboxed command. bubblewrap gives it a fresh /proc, and where the runner is root
// the command's user is the machine's root to the files in there, whatever capabilities it lost: it could write
// /proc/sys/kernel/core_pattern and so have a program of its choice run on the host (measured, library 0.0.83).
import { existsSync } from 'node:fs';

/** What Docker mounts read-only in its containers, too, for the same reason. */
const KERNEL_FILES = [
  '/proc/sys',
  '/proc/sysrq-trigger',
  '/proc/irq',
  '/proc/bus',
  '/proc/fs',
  '/proc/acpi',
  '/proc/scsi',
  '/proc/mtrr',
];

/** The last mount of the library's command line (0.0.83, linux-sandbox-utils). */
const FRESH_PROC = ' --proc /proc ';

/**
 * Adds read-only mounts over the kernel's files to a bubblewrap command line, behind the one of /proc. Throws where that
 * is not found exactly once: the command must then not run.
 */
export function closeKernelFiles(line: string, exists: (path: string) => boolean = existsSync): string {
  // What follows `--` is the command's own and may hold anything.
  const end = line.indexOf(' -- ');
  const options = line.slice(0, end + 1);
  const parts = options.split(FRESH_PROC);
  if (end < 0 || parts.length !== 2)
    throw new Error('the sandbox library mounts /proc in another way than it did');
  const mounts = KERNEL_FILES.filter(exists).map((path) => `--ro-bind ${path} ${path} `);
  return `${parts[0]}${FRESH_PROC}${mounts.join('')}${parts[1]}${line.slice(end + 1)}`;
}
