// One turn of the demo agent, step by step. Between any two steps it hears what people say and can be stopped.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Memory } from './memory.ts';
import { playPart } from './parts.ts';
import { type Change, type Files, findFeature, findRepair, grantWish } from './repairs.ts';
import { planText, repliesIn, summary, taskIn } from './report.ts';
import type { Teller } from './tell.ts';
import { readTree, runTests, writeInTree } from './tree.ts';

const STEPS = [
  'Read the task and the code',
  'Run the tests',
  'Make the change',
  'Run the tests again',
  'Sum it up',
];

type Options = Readonly<{
  tree: string;
  /** What the session is for, where it is not the author's. */
  part: string | undefined;
  planOnly: boolean;
  memory: Memory;
  tell: Teller;
  paceMs: number;
}>;

/** The state of one turn. */
type Desk = Options & {
  stopped: AbortSignal;
  heard: string[];
  files: Files;
  title: string;
  done: string[];
  checks: string[];
};

class Stopped extends Error {}

/** Creates the work of one prompt. `run` it once; `hear` and `cancel` may be called while it runs. */
export function createWork(options: Options) {
  const stop = new AbortController();
  const desk: Desk = {
    ...options,
    stopped: stop.signal,
    heard: [],
    files: {},
    title: 'Note down the request',
    done: [],
    checks: [],
  };
  return {
    async run(task: string): Promise<'end_turn' | 'cancelled'> {
      try {
        if (desk.part === undefined) await work(desk, task);
        else await playPart(desk.part, { ...desk, prompt: task });
        return 'end_turn';
      } catch (error) {
        if (error instanceof Stopped) return 'cancelled';
        throw error;
      }
    },
    /** A person's words in the middle of the work. */
    hear(words: string) {
      const replies = repliesIn(words);
      desk.heard.push(...(replies.length > 0 ? replies : [words]));
    },
    cancel: () => stop.abort(),
  };
}

export type Work = ReturnType<typeof createWork>;

async function work(desk: Desk, task: string): Promise<void> {
  const { tell, memory } = desk;
  desk.heard.push(...repliesIn(task));
  const before = memory.load();
  memory.save({ ...before, turns: before.turns + 1 });
  const hello = before.done.length > 0 ? `I remember what I did: ${before.done.join('; ')}. ` : '';
  await tell.say(`${hello}I am a script, not a model. I look at the code and run its tests first. `);
  await step(desk, 0);
  await look(desk, task);
  await step(desk, 1);
  const passedBefore = await test(desk);
  desk.checks.push(`\`npm test\` before: ${passedBefore ? 'passed' : 'failed'}`);
  if (desk.planOnly) return tell.say(planText(findFeature(task, desk.files) ?? findRepair(desk.files)));
  await step(desk, 2);
  await change(desk, task, passedBefore);
  await step(desk, 3);
  let passed = await test(desk);
  await step(desk, 4);
  while (await takeIn(desk)) passed = await test(desk);
  desk.checks.push(`\`npm test\` after: ${passed ? 'passed' : 'failed'}`);
  memory.save({ turns: before.turns + 1, done: [...before.done, ...desk.done] });
  await tell.plan(STEPS, STEPS.length);
  await tell.say(summary({ ...desk, passed }));
}

async function step(desk: Desk, finished: number): Promise<void> {
  await desk.tell.plan(STEPS, finished);
  await pause(desk);
}

async function pause({ paceMs, stopped }: Desk): Promise<void> {
  await delay(paceMs, undefined, { signal: stopped }).catch(() => undefined);
  if (stopped.aborted) throw new Stopped();
}

async function look(desk: Desk, task: string): Promise<void> {
  await desk.tell.tool({ title: 'Read the repository', kind: 'read', paths: [desk.tree] }, async () => {
    desk.files = await readTree(desk.tree);
    const text = Object.keys(desk.files).sort().join('\n');
    return { result: undefined, content: [{ type: 'content', content: { type: 'text', text } }] };
  });
  await desk.tell.usage(task.length + Object.values(desk.files).join('').length);
}

async function test(desk: Desk): Promise<boolean> {
  const { passed, output } = await desk.tell.tool({ title: 'npm test', kind: 'execute' }, async () => {
    const result = await runTests(desk.tree, desk.stopped);
    const text = result.output;
    return {
      result,
      failed: !result.passed,
      content: [{ type: 'content', content: { type: 'text', text } }],
    };
  });
  if (desk.stopped.aborted) throw new Stopped();
  await desk.tell.usage(output.length);
  return passed;
}

async function apply(desk: Desk, change: Change): Promise<void> {
  const path = join(desk.tree, change.path);
  await desk.tell.tool({ title: `Edit ${change.path}`, kind: 'edit', paths: [path] }, async () => {
    const oldText = desk.files[change.path] ?? null;
    await writeInTree(desk.tree, change.path, change.content);
    desk.files = { ...desk.files, [change.path]: change.content };
    return { result: undefined, content: [{ type: 'diff', path, oldText, newText: change.content }] };
  });
  desk.done.push(`${change.path}: ${change.what}`);
  await pause(desk);
}

async function change(desk: Desk, task: string, testsPass: boolean): Promise<void> {
  const plan = findFeature(task, desk.files) ?? (testsPass ? undefined : findRepair(desk.files));
  if (plan) {
    desk.title = plan.title;
    for (const each of plan.changes) await apply(desk, each);
  } else if (desk.heard.length > 0) desk.title = 'Take in the reply';
  else await apply(desk, grantWish(taskIn(task), desk.files));
  await takeIn(desk);
}

/** Does what people said meanwhile; tells whether anything was. */
async function takeIn(desk: Desk): Promise<boolean> {
  let any = false;
  for (let wish = desk.heard.shift(); wish !== undefined; wish = desk.heard.shift()) {
    any = true;
    await desk.tell.say(`Heard: “${wish.trim()}”. I take it in. `);
    await apply(desk, grantWish(wish, desk.files));
  }
  return any;
}
