// Who hears that a sandbox holds no ceiling over its processes: nobody, where the command is over already.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { holdProcesses } from '../../src/sandbox/process-ceiling.ts';

test('a command that has ended before anybody could hold it is no reason for a warning', async () => {
  const said: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => said.push(line) });
  const child = spawn('true');
  await once(child, 'exit');
  const held = await holdProcesses(child.pid ?? 0, { tasks: 400, log, ceiling: 'pid_max' });
  expect({ held, said }).toEqual({ held: false, said: [] });
});

test.each([
  ['rlimit', true],
  ['none', false],
] as const)('with %s nothing is set from outside: %s', async (ceiling, held) => {
  const log = pino({ level: 'silent' });
  expect(await holdProcesses(process.pid, { tasks: 400, log, ceiling })).toBe(held);
});
