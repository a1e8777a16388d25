// The demo agent in sessions that are not the author's: it plans by the repairs it knows, and reviews by running the tests.
import { type Files, findFeature, findRepair, grantWish } from './repairs.ts';
import { taskIn } from './report.ts';
import type { Teller } from './tell.ts';
import { readTree, runTests } from './tree.ts';

/** What a session is for, where its first prompt says so. */
export function partOf(prompt: string): string | undefined {
  return /^Your part: (.+)/.exec(prompt)?.[1]?.trim();
}

/** Answers in the form that the part asks for; a part it does not know gets an empty answer, which counts as none. */
export async function playPart(
  part: string,
  { tree, prompt, tell, stopped }: { tree: string; prompt: string; tell: Teller; stopped: AbortSignal },
): Promise<void> {
  const files = await readTree(tree);
  if (part === 'planner') return tell.say(form(planFor(prompt, files)));
  if (part === 'test-plan judge') return tell.say(form({ objections: [] }));
  if (part !== 'reviewer') return tell.say(form({}));
  const { passed } = await tell.tool({ title: 'npm test', kind: 'execute' }, async () => {
    const result = await runTests(tree, stopped);
    const content = [{ type: 'content' as const, content: { type: 'text' as const, text: result.output } }];
    return { result, failed: !result.passed, content };
  });
  return tell.say(form(passed ? APPROVAL : OBJECTION));
}

function planFor(prompt: string, files: Files) {
  const known = findFeature(prompt, files) ?? findRepair(files);
  const changes = known?.changes ?? [grantWish(taskIn(prompt), files)];
  return {
    understood: `${known?.title ?? taskIn(prompt)}. (Planned by a script, not a model.)`,
    files: changes.map(({ path }) => path),
    steps: [...changes.map(({ what }) => what), 'run npm test'],
    tests: [{ level: 'unit', must: 'npm test passes' }],
  };
}

const APPROVAL = {
  verdict: 'approve',
  summary: 'The tests pass with the change. (Reviewed by a script, not a model.)',
};
const OBJECTION = {
  verdict: 'object',
  summary: 'The tests fail with the change. (Reviewed by a script, not a model.)',
  findings: [{ severity: 'blocking', claim: 'npm test fails', fix: 'mend what it names' }],
};

function form(value: unknown): string {
  return `\`\`\`json\n${JSON.stringify(value, undefined, 2)}\n\`\`\``;
}
