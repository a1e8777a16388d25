// What an operator is told about who holds agents to their limits, on each platform.
import { expect, test } from 'vitest';
import { describeEnforcement, readEnforcement } from '../../src/sandbox/enforcement.ts';

const tell = (...machine: Parameters<typeof readEnforcement>) =>
  describeEnforcement(readEnforcement(...machine));

test.each([
  ['root on a new Linux', ['srt', 'linux', 'pid_max'], 'processes by pid_max'],
  ['another user on Linux', ['srt', 'linux', 'rlimit'], 'processes by RLIMIT_NPROC'],
  ['macOS', ['srt', 'darwin', 'none'], 'every 0.4 s (ps); behind it: processes by nothing of the kernel'],
] as const)('%s lacks nothing that it could have', (_who, [mode, platform, ceiling], words) => {
  expect(tell(mode, platform, ceiling)).toEqual({ say: expect.stringContaining(words) });
});

test('root on an older Linux, or who has no sandbox, hears what would be better', () => {
  expect(tell('srt', 'linux', 'none').mend).toContain('Run Errand as another user than root');
  expect(tell('none', 'linux', 'rlimit')).toEqual({
    say: expect.stringContaining('processes by nothing of the kernel, single files by RLIMIT_FSIZE.'),
    mend: expect.stringContaining('With a sandbox'),
  });
});
