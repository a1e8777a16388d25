// The thread in which a change is judged. Says which file it looks at before it does, since it may never come back.
import { parentPort, workerData } from 'node:worker_threads';
import { judge } from './gate.ts';
import type { Question, Said } from './judge-apart.ts';

const say = (said: Said) => parentPort?.postMessage(said);
// What is sent is what `judgeApart` gave; a thread shares no type with whoever started it.
const { change, settings, measure } = workerData as Question;
try {
  const onFile = (file: string) => say({ kind: 'at', file });
  say({ kind: 'judged', findings: await judge(change, settings, { ...measure, onFile }) });
} catch (thrown) {
  say({ kind: 'failed', why: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) });
}
