// The demo agent's longer words: which words of a prompt are people's, its plan, its summary. Pure.
import type { Change } from './repairs.ts';

/** What people of the team said in a prompt or a steering message, one entry each, without their names. */
export function repliesIn(prompt: string): string[] {
  const [, said] = /counts as part of your task:\s*\n+([\s\S]*)$/.exec(prompt) ?? [];
  const words =
    (said ?? '').split(/\n\n(?=How to work here|End with a last message|# Plan\n|<material)/)[0] ?? '';
  const pieces = words
    .split(/\n\n(?=[^\n:]{1,80}: )/)
    .map((piece) => piece.replace(/^[^\n:]{1,80}: /, '').trim());
  return pieces.filter((piece) => piece !== '');
}

/** The task in a prompt that also holds instructions: its section, or the first plain line. */
export function taskIn(prompt: string): string {
  const [, section] =
    /^# Task\s*\n+([\s\S]*?)(?=\n\n<material|\n\nPeople of the team|\n\nHow to work here|$(?![\s\S]))/m.exec(
      prompt,
    ) ?? [];
  const lines = (section ?? prompt).split('\n').map((line) => line.replace(/^[>\s*-]+/, '').trim());
  return lines.find((line) => line !== '' && !/^[#<`]/.test(line)) ?? 'something';
}

export function planText(plan: { title: string; changes: readonly Change[] } | undefined): string {
  if (!plan) return '## Plan\n1. Note the request in TODO.md: I am a script and know no repair for it.';
  const steps = plan.changes.map((each, index) => `${index + 1}. ${each.path}: ${each.what}`);
  return `## Plan\n${steps.join('\n')}\n${steps.length + 1}. Run \`npm test\` again.`;
}

export function summary(outcome: {
  title: string;
  done: string[];
  checks: string[];
  passed: boolean;
}): string {
  const list = (lines: string[]) => lines.map((line) => `- ${line}`).join('\n');
  const risks = outcome.passed
    ? 'None that the tests show.'
    : 'The tests still fail: I know no repair for that.';
  return [
    `## Title\n${outcome.title}`,
    `## What changed\n${outcome.done.length > 0 ? list(outcome.done) : 'Nothing.'}`,
    `## How it was checked\n${list(outcome.checks)}`,
    `## Risks\n${risks} Written by a script, not a model.`,
  ].join('\n\n');
}
