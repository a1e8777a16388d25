// A runner's hands in a process of its own: takes one turn from the queue, says so, and never finishes it.
import { createLog } from '../../src/log.ts';
import { openStore } from '../../src/store/store.ts';

const url = process.argv[2] ?? '';
const store = await openStore({ url, log: createLog({ level: 'silent' }), supervise: true });
await store.queue.work('turn', { slots: 1 }, async (item) => {
  process.stdout.write(`taken ${item.workId}\n`);
  return new Promise(() => {});
});
process.stdout.write('ready\n');
