// What an agent did or said, as it stands in the transcript.
import { html } from 'hono/html';
import { z } from 'zod';
import type { Html } from '../pages/layout.ts';
import { prose } from '../pages/markdown.ts';
import { shown, shownLine } from '../pages/text.ts';

export type Drawn = Readonly<{
  /** Class names. */
  look: string;
  body: Html;
  /** Of those with the same key the newest stands for all. */
  key?: string;
  /** Whose session, where it is not the author's. */
  part?: string;
}>;

const text = z.string().catch('');
const diffSchema = z.object({ path: text, text });

const updateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('message'), text }),
  z.object({ kind: z.literal('thought'), text }),
  z.object({ kind: z.literal('stderr'), text }),
  z.object({
    kind: z.literal('tool'),
    id: text,
    title: text,
    toolKind: text,
    status: z.enum(['pending', 'in_progress', 'completed', 'failed']).catch('pending'),
    paths: z.array(z.string()).catch([]),
    output: z.string().optional().catch(undefined),
    diffs: z.array(diffSchema).catch([]),
  }),
  z.object({
    kind: z.literal('plan'),
    steps: z.array(z.object({ text, status: text })).catch([]),
  }),
  z.object({ kind: z.literal('permission'), title: text, allowed: z.boolean().catch(false), reason: text }),
  z.object({ kind: z.literal('egress_denied'), host: text }),
]);
type Update = z.infer<typeof updateSchema>;

/** Total: of what this version does not know at least the kind is said. `isPlain`: words stay as they were written. */
export function drawUpdate(update: unknown, isPlain: boolean): Drawn {
  const read = updateSchema.safeParse(update);
  if (read.success) return draw(read.data, isPlain);
  const kind = z.object({ kind: z.string() }).safeParse(update).data?.kind ?? 'something unknown';
  return { look: 'mark', body: html`${shownLine(kind, 60)}` };
}

function draw(update: Update, isPlain: boolean): Drawn {
  const words = (said: string) => (isPlain ? html`<p class="words">${shown(said)}</p>` : prose(said));
  switch (update.kind) {
    case 'message':
      return { look: 'message', body: words(update.text) };
    case 'thought':
      return {
        look: 'thought',
        body: html`<details><summary>Thought: ${shownLine(update.text, 90)}</summary>${words(update.text)}</details>`,
      };
    case 'stderr':
      return {
        look: 'thought',
        body: html`<details><summary>The agent's program printed something</summary><pre>${shown(update.text)}</pre></details>`,
      };
    case 'tool':
      return drawTool(update);
    case 'plan': {
      const done = update.steps.filter(({ status }) => status === 'completed').length;
      return {
        look: 'mark',
        body: html`<details><summary>Its list: ${done} of ${update.steps.length} done</summary>${drawSteps(update.steps)}</details>`,
      };
    }
    case 'permission': {
      const { title, allowed, reason } = update;
      return {
        look: allowed ? 'permission allowed' : 'permission refused',
        body: html`Asked for permission: <code>${shownLine(title, 300)}</code>. <strong>${allowed ? 'Allowed' : 'Refused'}</strong>: ${shownLine(reason, 300)}`,
      };
    }
    case 'egress_denied':
      return {
        look: 'permission refused',
        body: html`The sandbox refused the network: <code>${shownLine(update.host, 200)}</code>`,
      };
  }
}

const DOING: Readonly<Record<string, string>> = {
  read: 'Read',
  edit: 'Edit',
  delete: 'Delete',
  move: 'Move',
  search: 'Search',
  execute: 'Run',
  think: 'Think',
  fetch: 'Fetch',
};

const STATES = { pending: 'waits', in_progress: 'at work', completed: 'done', failed: 'failed' } as const;

function drawTool({
  id,
  title,
  toolKind,
  status,
  paths,
  output,
  diffs,
}: Extract<Update, { kind: 'tool' }>): Drawn {
  const doing = Object.hasOwn(DOING, toolKind) ? DOING[toolKind] : 'Tool';
  const where = paths.filter((path) => !title.includes(path)).slice(0, 3);
  const head = html`<span class="doing">${doing}</span> <code>${shownLine(title, 220)}</code>${where.map((path) => html` <span class="faint">${shownLine(path, 120)}</span>`)} <span class="state">${STATES[status]}</span>`;
  const key = `tool:${id}`;
  const look = `tool ${status}`;
  if (diffs.length === 0 && output === undefined) return { look, key, body: head };
  return {
    look,
    key,
    body: html`<details><summary>${head}</summary>${diffs.map(drawDiff)}${output === undefined ? '' : html`<pre>${shown(output)}</pre>`}</details>`,
  };
}

/** Lines that begin with `+`, `-` or a space. */
function drawDiff({ path, text }: z.infer<typeof diffSchema>): Html {
  const lines = text.split('\n').map((line) => {
    const look = line.startsWith('+') ? 'ins' : line.startsWith('-') ? 'del' : 'ctx';
    return html`<span class="${look}">${shown(line, 2_000)}
</span>`;
  });
  return html`<figure class="edit"><figcaption>${shownLine(path, 200)}</figcaption><pre>${lines}</pre></figure>`;
}

/** A list whose items are ticked off. */
export function drawSteps(steps: readonly Readonly<{ text: string; status: string }>[]): Html {
  return html`<ul class="steps">${steps.map(({ text, status }) => html`<li class="${mark(status)}"><span class="tick" aria-hidden="true"></span>${shownLine(text, 300)}<span class="away"> (${SAID[mark(status)]})</span></li>`)}</ul>`;
}

const SAID = { done: 'done', now: 'being done', open: 'not done' } as const;

function mark(status: string): keyof typeof SAID {
  if (status === 'completed') return 'done';
  return status === 'in_progress' ? 'now' : 'open';
}
