// The blocks this Slack knows, with their limits (@slack/types 3.2.0 and its comments). An unknown block or an
// unknown property is refused, as by the real one.
import { z } from 'zod';
import {
  accessoryElement,
  actionElement,
  anyText,
  type Element,
  imageElement,
  inputElement,
  plainText,
} from './elements.ts';

/** Not documented; 2000 is the strictest that was reported. */
const CONTEXT_TEXT_MAX = 2000;

const blockId = { block_id: z.string().max(255).optional() };

const richLeaf = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  url: z.string().optional(),
  user_id: z.string().optional(),
  channel_id: z.string().optional(),
  name: z.string().optional(),
});
const richSection = z.looseObject({ type: z.literal('rich_text_section'), elements: z.array(richLeaf) });
const richPart = z.discriminatedUnion('type', [
  richSection,
  z.looseObject({ type: z.literal('rich_text_preformatted'), elements: z.array(richLeaf) }),
  z.looseObject({ type: z.literal('rich_text_quote'), elements: z.array(richLeaf) }),
  z.looseObject({
    type: z.literal('rich_text_list'),
    elements: z.array(richSection),
    style: z.enum(['bullet', 'ordered']),
    indent: z.int().optional(),
  }),
]);
const richText = z.strictObject({ ...blockId, type: z.literal('rich_text'), elements: z.array(richPart) });

const section = z.strictObject({
  ...blockId,
  type: z.literal('section'),
  text: anyText(3000).optional(),
  fields: z.array(anyText(2000)).min(1).max(10).optional(),
  accessory: accessoryElement.optional(),
  expand: z.boolean().optional(),
});
const context = z.strictObject({
  ...blockId,
  type: z.literal('context'),
  elements: z
    .array(z.union([imageElement, anyText(CONTEXT_TEXT_MAX)]))
    .min(1)
    .max(10),
});
const actions = z.strictObject({
  ...blockId,
  type: z.literal('actions'),
  elements: z.array(actionElement).min(1).max(25),
});
const header = z.strictObject({ ...blockId, type: z.literal('header'), text: plainText(150) });
const divider = z.strictObject({ ...blockId, type: z.literal('divider') });
const markdown = z.strictObject({
  ...blockId,
  type: z.literal('markdown'),
  text: z.string().min(1).max(12_000),
});
const image = z.strictObject({
  ...imageElement.shape,
  ...blockId,
  title: plainText(2000).optional(),
});
const input = z.strictObject({
  ...blockId,
  type: z.literal('input'),
  label: plainText(2000),
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
  element: inputElement,
  dispatch_action: z.boolean().optional(),
});
const rawText = z.looseObject({ type: z.literal('raw_text'), text: z.string() });
const rawNumber = z.looseObject({ type: z.literal('raw_number'), value: z.number() });
const table = z.strictObject({
  ...blockId,
  type: z.literal('table'),
  rows: z
    .array(z.array(z.discriminatedUnion('type', [richText, rawText, rawNumber])).max(20))
    .min(1)
    .max(100),
  column_settings: z.array(z.looseObject({}).nullable()).max(20).optional(),
});
const taskCard = z.strictObject({
  ...blockId,
  type: z.literal('task_card'),
  task_id: z.string(),
  title: z.string(),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']),
  details: richText.optional(),
  output: richText.optional(),
  sources: z.array(z.strictObject({ type: z.literal('url'), url: z.string(), text: z.string() })).optional(),
});
const plan = z.strictObject({
  ...blockId,
  type: z.literal('plan'),
  title: z.string(),
  tasks: z.array(taskCard).optional(),
});

/** What a message may hold. */
export const messageBlock = z.discriminatedUnion('type', [
  section,
  context,
  actions,
  header,
  divider,
  markdown,
  richText,
  image,
  input,
  table,
  taskCard,
  plan,
]);
/** What a modal or the home tab may hold: the blocks made for answers (markdown, table, tasks) are not among them. */
export const viewBlock = z.discriminatedUnion('type', [
  section,
  context,
  actions,
  header,
  divider,
  richText,
  image,
  input,
]);

export type Block = z.infer<typeof messageBlock>;
export type RichText = z.infer<typeof richText>;
export type Task = z.infer<typeof taskCard>;
export type Table = z.infer<typeof table>;

/** One interactive element together with the block it stands in. */
export type Placed = Readonly<{ blockId: string; element: Element; input?: z.infer<typeof input> }>;

/** Lists everything a person can press, choose or fill in, in reading order. */
export function interactiveElements(blocks: readonly Block[]): Placed[] {
  return blocks.flatMap((block): Placed[] => {
    const blockId = block.block_id ?? '';
    if (block.type === 'actions') return block.elements.map((element) => ({ blockId, element }));
    if (block.type === 'input') return [{ blockId, element: block.element, input: block }];
    if (block.type === 'section' && block.accessory && block.accessory.type !== 'image') {
      return [{ blockId, element: block.accessory }];
    }
    return [];
  });
}
