// Turns ACP's session updates into our own words. Lenient on purpose: what an agent sends in a shape we do not know is
// left out, never an error. Remembers tool calls, because ACP sends only what changed about them.
import { isAbsolute, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { AgentUpdate, PlanStep } from '../job/agent-update.ts';
import { describeEdit } from './edit-text.ts';

type ToolUpdate = Extract<AgentUpdate, { kind: 'tool' }>;

/** A piece of a message; pieces with the same `messageId`, or without any between them, belong together. */
export type Chunk = Readonly<{
  kind: 'chunk';
  of: 'message' | 'thought';
  text: string;
  messageId: string | undefined;
}>;

const TITLE_CHARS = 200;
const PATH_CHARS = 300;
const PATHS = 20;
const OUTPUT_CHARS = 4_000;
const EDITS = 5;
const EDIT_CHARS = 3_000;
const PLAN_STEPS = 50;
const REMEMBERED_TOOLS = 500;

const lenient = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().catch(undefined);

const textBlock = z.object({ type: z.literal('text'), text: z.string() });
const chunkSchema = z.object({ content: textBlock, messageId: lenient(z.string()) });

const toolSchema = z.object({
  toolCallId: z.string(),
  title: lenient(z.string()),
  kind: lenient(z.string()),
  status: lenient(z.enum(['pending', 'in_progress', 'completed', 'failed'])),
  locations: lenient(z.array(z.object({ path: z.string() }))),
  content: lenient(z.array(z.looseObject({ type: z.string() }))),
  rawInput: lenient(z.looseObject({ command: z.unknown().optional() })),
  rawOutput: z.unknown().optional(),
});

const contentSchema = z.union([
  z.object({ type: z.literal('content'), content: textBlock }),
  z.object({
    type: z.literal('diff'),
    path: z.string(),
    oldText: lenient(z.string()),
    newText: lenient(z.string()),
  }),
]);

const planSchema = z.object({
  entries: z.array(
    z.object({
      content: z.string(),
      status: z.enum(['pending', 'in_progress', 'completed']).catch('pending'),
    }),
  ),
});

const usageSchema = z.object({
  used: lenient(z.number().nonnegative()),
  size: lenient(z.number().positive()),
  cost: lenient(z.object({ amount: z.number().nonnegative(), currency: z.string() })),
});

/** Creates a parser for one session. `tree` makes paths inside it relative. */
export function createUpdateParser(tree: string) {
  const tools = new Map<string, ToolUpdate>();

  const parseTool = (raw: unknown): ToolUpdate | undefined => {
    const parsed = toolSchema.safeParse(raw);
    if (!parsed.success) return undefined;
    const known = tools.get(parsed.data.toolCallId);
    const next = mergeTool(known, parsed.data, tree);
    if (isDeepStrictEqual(known, next)) return undefined;
    tools.delete(next.id);
    tools.set(next.id, next);
    const oldest = tools.keys().next().value;
    if (tools.size > REMEMBERED_TOOLS && oldest !== undefined) tools.delete(oldest);
    return next;
  };

  return function parseUpdate(update: Readonly<{ sessionUpdate: string }>): AgentUpdate | Chunk | undefined {
    switch (update.sessionUpdate) {
      case 'agent_message_chunk':
        return parseChunk('message', update);
      case 'agent_thought_chunk':
        return parseChunk('thought', update);
      case 'tool_call':
      case 'tool_call_update':
        return parseTool(update);
      case 'plan':
        return parsePlan(update);
      case 'usage_update':
        return parseUsage(update);
      default:
        return undefined;
    }
  };
}

function parseChunk(of: Chunk['of'], update: unknown): Chunk | undefined {
  const parsed = chunkSchema.safeParse(update);
  if (!parsed.success || parsed.data.content.text === '') return undefined;
  return { kind: 'chunk', of, text: parsed.data.content.text, messageId: parsed.data.messageId ?? undefined };
}

function mergeTool(known: ToolUpdate | undefined, raw: z.infer<typeof toolSchema>, tree: string): ToolUpdate {
  const toolKind = raw.kind ?? known?.toolKind ?? 'other';
  const command = raw.rawInput?.command;
  // "bash" or "Terminal" says nothing: show the command itself.
  const title = toolKind === 'execute' && typeof command === 'string' ? command : raw.title;
  const paths = pathsOf(raw).map((path) => cut(showPath(path, tree), PATH_CHARS));
  const output = outputOf(raw) ?? known?.output;
  const diffs = diffsOf(raw, tree) ?? known?.diffs;
  return {
    kind: 'tool',
    id: raw.toolCallId,
    title: title ? cut(oneLine(title), TITLE_CHARS) : (known?.title ?? toolKind),
    toolKind,
    status: raw.status ?? known?.status ?? 'pending',
    paths: paths.length > 0 ? [...new Set(paths)].slice(0, PATHS) : (known?.paths ?? []),
    ...(output === undefined ? {} : { output }),
    ...(diffs === undefined ? {} : { diffs }),
  };
}

/** The first few edits of a call. */
function diffsOf(raw: z.infer<typeof toolSchema>, tree: string): ToolUpdate['diffs'] {
  const edits = contents(raw).flatMap((each) => {
    if (each.type !== 'diff' || each.newText == null) return [];
    const text = describeEdit(each.oldText ?? '', each.newText, EDIT_CHARS);
    return [{ path: cut(showPath(each.path, tree), PATH_CHARS), text }];
  });
  return edits.length > 0 ? edits.slice(0, EDITS) : undefined;
}

function pathsOf(raw: z.infer<typeof toolSchema>): string[] {
  const located = (raw.locations ?? []).map((location) => location.path);
  const diffs = contents(raw).flatMap((each) => (each.type === 'diff' ? [each.path] : []));
  return [...located, ...diffs];
}

function outputOf(raw: z.infer<typeof toolSchema>): string | undefined {
  const texts = contents(raw).flatMap((each) => (each.type === 'content' ? [each.content.text] : []));
  const output = texts.length > 0 ? texts.join('\n') : raw.rawOutput;
  return typeof output === 'string' && output !== '' ? cutMiddle(output, OUTPUT_CHARS) : undefined;
}

function contents(raw: z.infer<typeof toolSchema>): z.infer<typeof contentSchema>[] {
  return (raw.content ?? []).flatMap((each) => {
    const parsed = contentSchema.safeParse(each);
    return parsed.success ? [parsed.data] : [];
  });
}

function parsePlan(update: unknown): AgentUpdate | undefined {
  const parsed = planSchema.safeParse(update);
  if (!parsed.success) return undefined;
  const steps = parsed.data.entries
    .slice(0, PLAN_STEPS)
    .map((entry): PlanStep => ({ text: cut(oneLine(entry.content), TITLE_CHARS), status: entry.status }));
  return { kind: 'plan', steps };
}

function parseUsage(update: unknown): AgentUpdate | undefined {
  const parsed = usageSchema.safeParse(update);
  if (!parsed.success) return undefined;
  const { used, size, cost } = parsed.data;
  const known = {
    ...(used == null ? {} : { contextUsed: used }),
    ...(size == null ? {} : { contextSize: size }),
  };
  return { kind: 'usage', usage: { ...known, ...(cost ? { cost } : {}) } };
}

function showPath(path: string, tree: string): string {
  const way = isAbsolute(path) ? relative(tree, path) : path;
  return way === '' || way.startsWith('..') ? path : way;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function cut(text: string, chars: number): string {
  return text.length <= chars ? text : `${text.slice(0, chars - 1)}…`;
}

/** Keeps the beginning and, since that is where a result stands, more of the end. */
function cutMiddle(text: string, chars: number): string {
  if (text.length <= chars) return text;
  const head = Math.floor(chars / 4);
  return `${text.slice(0, head)}\n… ${text.length - chars} characters left out …\n${text.slice(-(chars - head))}`;
}
