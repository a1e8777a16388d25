// What an operator is told about who holds agents to their limits, on each platform.
import { expect, test } from 'vitest';
import { describeEnforcement, readEnforcement } from '../../src/sandbox/enforcement.ts';

const tell = (...machine: Parameters<typeof readEnforcement>) =>
  describeEnforcement(readEnforcement(...machine));

const SIZED = { mode: 'srt', memoryFiles: 'sized' } as const;
const WATCHED = { mode: 'srt', memoryFiles: 'watched' } as const;
const ON_MACOS = { mode: 'srt', memoryFiles: 'none' } as const;
const NONE = { mode: 'none', memoryFiles: 'none' } as const;

test.each([
  ['root on a new Linux', [SIZED, 'linux', 'pid_max'], 'processes by pid_max'],
  ['another user on Linux', [SIZED, 'linux', 'rlimit'], 'processes by RLIMIT_NPROC'],
  ['macOS', [ON_MACOS, 'darwin', 'none'], 'every 0.4 s (ps); behind it: processes by nothing of the kernel'],
] as const)('%s lacks nothing that it could have', (_who, [sandbox, platform, ceiling], words) => {
  expect(tell(sandbox, platform, ceiling)).toEqual({ say: expect.stringContaining(words) });
});

test('root on an older Linux, or who has no sandbox, hears what would be better', () => {
  expect(tell(SIZED, 'linux', 'none').mend).toContain('Run Errand as another user than root');
  expect(tell(NONE, 'linux', 'rlimit')).toEqual({
    say: expect.stringContaining('processes by nothing of the kernel, single files by RLIMIT_FSIZE.'),
    mend: expect.stringContaining('With a sandbox'),
  });
});

test('with an old or setuid bubblewrap an operator hears that only the watchdog bounds scratch memory', () => {
  expect(tell(WATCHED, 'linux', 'rlimit')).toEqual({
    say: expect.stringContaining('/tmp and /dev/shm by the watchdog alone'),
    mend: 'With bubblewrap 0.7.0 or newer, not setuid, /tmp and /dev/shm have a size too.',
  });
  expect(tell(WATCHED, 'linux', 'none').mend).toMatch(/another user than root.*bubblewrap 0\.7\.0/);
});
