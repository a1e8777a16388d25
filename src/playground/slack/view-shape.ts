// The shape of a modal or home tab as an app sends it, with its limits. Answers `invalid_arguments`, as views.* do.
import { z } from 'zod';
import { checkViewBlocks, decodeJson, describeIssues } from './block-check.ts';
import { plainText } from './elements.ts';
import { SlackFailure } from './failure.ts';

const base = {
  blocks: z.array(z.unknown()),
  private_metadata: z.string().max(3000).optional(),
  callback_id: z.string().max(255).optional(),
  external_id: z.string().max(255).optional(),
};
const viewSchema = z.discriminatedUnion('type', [
  z.strictObject({ ...base, type: z.literal('home') }),
  z.strictObject({
    ...base,
    type: z.literal('modal'),
    title: plainText(24),
    close: plainText(24).optional(),
    submit: plainText(24).optional(),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
  }),
]);

export type ViewContent = ReturnType<typeof checkView>;

/** Parses a view given as an object or as JSON text, of the wanted type. Throws SlackFailure `invalid_arguments`. */
export function checkView(raw: unknown, type: 'modal' | 'home') {
  const parsed = viewSchema.safeParse(decodeJson(raw, 'invalid_arguments'));
  if (!parsed.success) throw new SlackFailure('invalid_arguments', describeIssues(parsed.error, '/view'));
  const view = parsed.data;
  if (view.type !== type) {
    throw new SlackFailure('invalid_arguments', [
      `[ERROR] must be of type ${type} [json-pointer:/view/type]`,
    ]);
  }
  const blocks = checkViewBlocks(view.blocks);
  if (view.type === 'modal' && !view.submit && blocks.some((block) => block.type === 'input')) {
    throw new SlackFailure('invalid_arguments', [
      '[ERROR] must define `submit` to use an `input` block in modals [json-pointer:/view]',
    ]);
  }
  return { ...view, blocks };
}
