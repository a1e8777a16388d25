// The kernel's own settings are closed behind the fresh /proc of a sandbox, or nothing is started.
import { expect, test } from 'vitest';
import { closeKernelFiles } from '../../src/sandbox/kernel-files.ts';

const only =
  (...paths: readonly string[]) =>
  (path: string) =>
    paths.includes(path);

test('what is there is mounted read-only, right behind /proc and before the command', () => {
  const line = 'bwrap --ro-bind / / --proc /proc --unsetenv X -- /bin/sh -c "echo --proc /proc -- x"';
  expect(closeKernelFiles(line, only('/proc/sys', '/proc/irq'))).toBe(
    'bwrap --ro-bind / / --proc /proc --ro-bind /proc/sys /proc/sys --ro-bind /proc/irq /proc/irq --unsetenv X -- /bin/sh -c "echo --proc /proc -- x"',
  );
});

test.each(['bwrap --ro-bind / / -- true', 'bwrap --proc /proc --bind /x /x --proc /proc -- true', 'true'])(
  '%s is not trusted',
  (line) => {
    expect(() => closeKernelFiles(line)).toThrow('in another way');
  },
);
