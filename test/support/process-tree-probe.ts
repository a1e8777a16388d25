// A process that starts a script, watches what it takes, and ends it at a limit: run as root and as nobody. Arguments: the
// script, the number of processes to wait for, and `ps` where that is to be asked instead of /proc. Prints what it saw as JSON.
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { createProcessTree } from '../../src/sandbox/process-tree.ts';
import { askPs, listRunning } from '../../src/sandbox/running.ts';

const [script = '', wanted = '0', teller = 'proc'] = process.argv.slice(2);
const mark = `probe-${process.pid}-${Date.now()}`;
const child = spawn('/bin/sh', ['-c', script], {
  detached: true,
  stdio: 'ignore',
  env: { PATH: process.env['PATH'], ERRAND_RUN: mark },
});
const tree = createProcessTree(child.pid ?? 0, `ERRAND_RUN=${mark}`, teller === 'ps' ? askPs : listRunning);
const until = Date.now() + 60_000;
let usage = tree.usage();
while (usage.processes < Number(wanted) && Date.now() < until) {
  await delay(teller === 'ps' ? 200 : 20);
  usage = tree.usage();
}
const exact = tree.exactMemory();
const startedAt = performance.now();
const gone = await tree.kill();
const tookMs = performance.now() - startedAt;
// Nobody else on this machine carries the mark.
const { hasInEnvironment } = await import('../../src/sandbox/running.ts');
const left = listRunning().filter(({ pid }) => hasInEnvironment(pid, `ERRAND_RUN=${mark}`)).length;
process.stdout.write(
  JSON.stringify({
    uid: process.getuid?.(),
    reached: usage.processes >= Number(wanted),
    gone,
    left,
    tookMs,
    exact,
  }),
);
