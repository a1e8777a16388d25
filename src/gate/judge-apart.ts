// Judges a change in a thread of its own with an end to its time: a text that keeps a pattern busy holds up neither the
// runner's heartbeat nor the person who waits, and ends in a finding.
import { Worker } from 'node:worker_threads';
import type { Finding, GateSettings } from '../job/gate-rules.ts';
import type { Change } from '../workspace/change.ts';
import { judge, type Measure } from './gate.ts';

/** What goes to the thread and what comes back; `at` names the file that is being looked at. */
export type Question = Readonly<{ change: Change; settings: GateSettings; measure: Measure }>;
export type Said =
  | Readonly<{ kind: 'at'; file: string }>
  | Readonly<{ kind: 'judged'; findings: readonly Finding[] }>
  | Readonly<{ kind: 'failed'; why: string }>;

/** A change of the largest size that is read takes a fraction of it. */
const LIMIT_MS = 120_000;
/** The rules need little; a pattern's appetite must not take the runner's memory. */
const MEMORY_MB = 1_024;

/** Less text than this keeps no pattern busy for long (`gate/adversarial` holds that), and a thread costs more. */
const SMALL_CHARS = 50_000;

/** Judges within `limitMs`; what took longer is told as not read, and blocks. */
export async function judgeApart(
  change: Change,
  settings: GateSettings = {},
  { limitMs = LIMIT_MS, ...measure }: Measure & { limitMs?: number } = {},
): Promise<readonly Finding[]> {
  if (sizeOf(change) < SMALL_CHARS) return judge(change, settings, measure);
  const question: Question = { change, settings, measure };
  const worker = new Worker(new URL('./judge-worker.ts', import.meta.url), {
    workerData: question,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  const { promise, resolve, reject } = Promise.withResolvers<readonly Finding[]>();
  let file = '.';
  const timer = setTimeout(() => resolve([tooLong(file)]), limitMs);
  worker.on('message', (said: Said) => {
    if (said.kind === 'at') file = said.file;
    else if (said.kind === 'judged') resolve(said.findings);
    else reject(new Error(said.why));
  });
  worker.on('error', (error) => {
    if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve([tooLong(file)]);
    else reject(error);
  });
  worker.on('exit', () => reject(new Error('The gate ended without a verdict.')));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

function sizeOf({ files, interim, messages, beside }: Change): number {
  const texts = [
    ...[...files, ...interim].flatMap(({ added, removed, whole }) => [
      ...[...added, ...removed].map(({ text }) => text),
      whole.before ?? '',
      whole.after ?? '',
    ]),
    ...messages.map(({ text }) => text),
    ...beside.texts.values(),
  ];
  return texts.reduce((sum, text) => sum + text.length, 100 * (files.length + beside.links.size));
}

function tooLong(file: string): Finding {
  const say =
    'took too long to inspect, so neither it nor what follows was judged. Look at the change by hand, or make it smaller.';
  return { rule: 'not_read', file, severity: 'block', say };
}
