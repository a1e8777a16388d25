// Reads the directives of the scripted agent out of a prompt. The list of them stands in scripted-agent.ts. Pure.

export type Directive = Readonly<{ verb: string; rest: string }>;

/** What a session is for, where it is not the author's: the first line of its first prompt says so. */
export function partOf(prompt: string): string | undefined {
  return /^Your part: (.+)/.exec(prompt)?.[1]?.trim();
}

/** A prompt that retells a job: what stands before and in the story is done, only what follows is to be done. */
const STORY = /^.*<material name="What happened before.*?<\/material>/s;

/** A prompt with the note of the session before: of what stands there and before, only what is left is to be done. */
const NOTE =
  /^.*<material name="Note of the session before you">\n(?:## Left\n(.*?)(?=\n## |\n<\/material>))?.*?<\/material>/s;

/** What other jobs are to do. */
const OTHERS = /<material name="What the other jobs do">.*?<\/material>/s;

/** Whole lines that say what to answer when a note is asked for. */
export function notesIn(prompt: string): string[] {
  return [...prompt.matchAll(/^script hand-over: (.+)$/gm)].map(([, line = '']) => line);
}

/** All directives of a text in order; text without any yields none. `withStory` also reads what was told before. */
export function parseDirectives(
  prompt: string,
  { withStory = false, part }: { withStory?: boolean; part?: string | undefined } = {},
): Directive[] {
  const own = prompt.replace(OTHERS, '');
  const text = withStory ? own : own.replace(STORY, '').replace(NOTE, '$1');
  const mark =
    part === undefined ? /(?:^|\s)script:\s*(.+)$/ : new RegExp(`(?:^|\\s)script ${part}:\\s*(.+)$`);
  return text.split('\n').flatMap((line) => {
    const [, script] = mark.exec(line) ?? [];
    return (script ?? '').split(' ;; ').flatMap((part) => {
      const [, verb, rest = ''] = /^\s*(\S+)\s*(.*)$/.exec(part) ?? [];
      return verb === undefined ? [] : [{ verb, rest: readCharacters(rest.trim()) }];
    });
  });
}

/** `\u{1b}` is the character of that number: nobody can type it into Slack so that it arrives. */
function readCharacters(text: string): string {
  return text.replaceAll(/\\u\{([0-9a-f]+)\}/g, (_found, digits: string) =>
    String.fromCodePoint(Number.parseInt(digits, 16)),
  );
}

/** `PATH <<TEXT` with `\n` as line break. */
export function parseFileText(rest: string): { path: string; text: string } {
  const [path = '', text = ''] = rest.split(/\s*<<(.*)/s);
  return { path, text: text.replaceAll('\\n', '\n') };
}
