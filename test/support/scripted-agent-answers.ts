// What the scripted agent answers in a session that is not the author's, where its script says nothing: what an honest one
// with nothing to say against the work would.

const ANSWERS: Readonly<Record<string, unknown>> = {
  planner: { understood: 'The scripted change.', steps: ['Do what the script says'] },
  'test-plan judge': { objections: [] },
  answerer: { answer: 'Nobody knows.' },
  librarian: { file: 'lessons.md', content: 'Ask first.', title: 'Note a lesson', why: 'It was said.' },
  'hand-over': { done: ['All that the script says.'], left: [], decisions: [], pitfalls: [] },
  reviewer: { verdict: 'approve', summary: 'Nothing to object to.' },
};

/** As a last message: prose, then the form that was asked for. */
export function answerAs(part: string): string {
  return `Here is my answer.\n\`\`\`json\n${JSON.stringify(ANSWERS[part] ?? {}, undefined, 2)}\n\`\`\``;
}
