// Messages that are written while people watch (chat.startStream and its kin): text, task cards, a plan. A stream dies after
// five minutes however lively it is (slackapi/node-slack-sdk #2702, python-slack-sdk #1859), or when a person stops it.
import { z } from 'zod';
import { checkMessageBlocks, decodeJson, describeIssues } from './block-check.ts';
import type { Block, RichText, Task } from './blocks.ts';
import { SlackFailure } from './failure.ts';
import type { Message } from './messages.ts';

const LIFETIME_MS = 5 * 60_000;

export type DisplayMode = 'timeline' | 'plan';

const statuses = ['pending', 'in_progress', 'complete', 'error'] as const;
/** `@slack/types` 3.2.0, chunk.d.ts. */
const chunkSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('markdown_text'), text: z.string().max(12_000) }),
  z.strictObject({
    type: z.literal('task_update'),
    id: z.string().min(1),
    title: z.string(),
    status: z.enum(statuses),
    details: z.string().optional(),
    output: z.string().optional(),
    sources: z
      .array(z.strictObject({ type: z.literal('url'), url: z.string(), text: z.string() }))
      .optional(),
  }),
  z.strictObject({ type: z.literal('plan_update'), title: z.string() }),
  z.strictObject({ type: z.literal('blocks'), blocks: z.array(z.unknown()).max(50) }),
]);
export type Chunk = z.infer<typeof chunkSchema>;

type Stream = {
  readonly startedAt: Date;
  readonly mode: DisplayMode;
  isOpen: boolean;
  title: string;
  text: string;
  readonly tasks: Map<string, Task>;
  extra: Block[];
};

/** Reads `chunks` or `markdown_text`; one of them, never both. Throws SlackFailure. */
export function readChunks(args: { chunks?: unknown; markdown_text?: string | undefined }): readonly Chunk[] {
  if (args.chunks === undefined) {
    return args.markdown_text === undefined ? [] : [{ type: 'markdown_text', text: args.markdown_text }];
  }
  if (args.markdown_text !== undefined) throw new SlackFailure('invalid_arguments');
  const parsed = z.array(chunkSchema).safeParse(decodeJson(args.chunks, 'invalid_chunks_format'));
  if (!parsed.success) throw new SlackFailure('invalid_chunks', describeIssues(parsed.error, '/chunks'));
  return parsed.data;
}

/** Creates the streams, none open. */
export function createStreams(options: { now: () => Date }) {
  const streams = new Map<string, Stream>();
  const keyOf = ({ channel, ts }: Pick<Message, 'channel' | 'ts'>) => `${channel}/${ts}`;

  function isOpen(stream: Stream): boolean {
    return stream.isOpen && options.now().getTime() - stream.startedAt.getTime() < LIFETIME_MS;
  }

  return {
    /** The first look of a message that is about to be streamed into. */
    first(mode: DisplayMode, chunks: readonly Chunk[]) {
      const stream: Stream = {
        startedAt: options.now(),
        mode,
        isOpen: true,
        title: '',
        text: '',
        tasks: new Map(),
        extra: [],
      };
      for (const chunk of chunks) apply(stream, chunk);
      return {
        blocks: render(stream),
        text: stream.text,
        begin: (message: Message) => void streams.set(keyOf(message), stream),
      };
    },
    /** Adds to an open stream. Throws `message_not_in_streaming_state`. */
    append(message: Message, chunks: readonly Chunk[], blocks: readonly Block[] = []) {
      const stream = streams.get(keyOf(message));
      if (stream === undefined || !isOpen(stream)) throw new SlackFailure('message_not_in_streaming_state');
      for (const chunk of chunks) apply(stream, chunk);
      stream.extra = [...stream.extra, ...blocks];
      return { blocks: render(stream), text: stream.text };
    },
    end(message: Message): void {
      const stream = streams.get(keyOf(message));
      if (stream) stream.isOpen = false;
    },
    /** Whether somebody still writes into the message. */
    isStreaming(message: Pick<Message, 'channel' | 'ts'>): boolean {
      const stream = streams.get(keyOf(message));
      return stream !== undefined && isOpen(stream);
    },
    /** How old the streams of a test seem. */
    age(ms: number): void {
      for (const stream of streams.values()) stream.startedAt.setTime(stream.startedAt.getTime() - ms);
    },
  };
}

export type Streams = ReturnType<typeof createStreams>;

function apply(stream: Stream, chunk: Chunk): void {
  switch (chunk.type) {
    case 'markdown_text':
      stream.text += chunk.text;
      break;
    case 'task_update': {
      const { type: _type, id, details, output, ...task } = chunk;
      const before = stream.tasks.get(id);
      stream.tasks.set(id, {
        ...before,
        ...task,
        type: 'task_card',
        task_id: id,
        ...(details === undefined ? {} : { details: asRichText(details) }),
        ...(output === undefined ? {} : { output: asRichText(output) }),
      });
      break;
    }
    case 'plan_update':
      stream.title = chunk.title;
      break;
    case 'blocks':
      stream.extra = [...stream.extra, ...checkMessageBlocks(chunk.blocks)];
  }
}

function asRichText(text: string): RichText {
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
  };
}

function render({ mode, title, text, tasks, extra }: Stream): Block[] {
  const cards = [...tasks.values()];
  const shown: Block[] =
    mode === 'plan' && cards.length > 0 ? [{ type: 'plan', title: title || 'Plan', tasks: cards }] : cards;
  return [...shown, ...(text === '' ? [] : [{ type: 'markdown' as const, text }]), ...extra];
}
