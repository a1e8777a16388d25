// A runner's view of one sandbox in a process of its own, so that it can be started as another user: wraps a script, starts
// it with its ceilings, lets it go, and tells as JSON what the script said and what the machine shows meanwhile. Arguments:
// the number of tasks it may have, and the script, which may wait for a line on its standard input.
import { execa } from 'execa';
import { pino } from 'pino';
import { createProcessTree } from '../../src/sandbox/process-tree.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { createSandboxHome, wrapOf } from './sandbox-job.ts';

const [tasks = '0', script = ''] = process.argv.slice(2);
const ceilings = { tasks: Number(tasks), fileBytes: 2_000_000, scratchBytes: 3_000_000 };
const sandbox = await createSandbox({ mode: 'srt', log: pino({ level: 'silent' }) });
const home = await createSandboxHome();
const job = await home.job('J-1');
const wrapped = await sandbox.wrap(wrapOf(home.root, job, { argv: ['/bin/sh', '-c', script], ceilings }));
const [file = '', ...args] = wrapped.argv;
const child = execa(file, args, {
  cwd: job.dir,
  env: wrapped.env,
  extendEnv: false,
  detached: true,
  reject: false,
});
const tree = createProcessTree(child.pid ?? 0);
const held = await wrapped.started(child.pid ?? 0);
child.stdin.write('go\n');
let fileMemory = 0;
let threads = 0;
// The script says `look` when there is something to see, and goes on when it was looked at.
child.stdout.on('data', (text: string) => {
  if (!String(text).includes('look')) return;
  ({ threads } = tree.usage());
  fileMemory = tree.fileMemory();
  child.stdin.write('seen\n');
});
const { stdout, exitCode } = await child;
const gone = await tree.kill();
await wrapped.release();
await sandbox.close();
await home.remove();
process.stdout.write(
  JSON.stringify({
    uid: process.getuid?.(),
    held,
    exitCode,
    said: stdout.split('\n').filter((line) => line !== 'look'),
    fileMemory,
    threads,
    gone,
  }),
);
