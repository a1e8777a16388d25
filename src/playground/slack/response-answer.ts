// What an app may do with a response URL: say something, replace what was clicked, or delete it.
import { z } from 'zod';
import { checkMessageBlocks } from './block-check.ts';
import type { Bulletin } from './bulletin.ts';
import type { Ephemeral } from './ephemerals.ts';
import { SlackFailure } from './failure.ts';
import type { Message, Messages } from './messages.ts';

const flag = z.union([z.boolean(), z.stringbool()]).optional();
const bodySchema = z.looseObject({
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).optional(),
  replace_original: flag,
  delete_original: flag,
  thread_ts: z.string().optional(),
});

export type ResponseTarget = Readonly<{
  userId: string;
  channel: string;
  /** What was clicked, where something was. */
  original?: Readonly<{ message: Message }> | Readonly<{ ephemeral: Ephemeral }>;
}>;

/** Creates the doer. It throws SlackFailure (`invalid_payload`, `no_text`, the refusals of blocks). */
export function createResponseAnswer(options: { messages: Messages; bulletin: Bulletin }) {
  const { messages, bulletin } = options;

  function remove({ original }: ResponseTarget): void {
    if (!original) return;
    if ('ephemeral' in original) messages.editEphemeral(original.ephemeral, { isDeleted: true });
    else bulletin.remove(original.message);
  }

  return (target: ResponseTarget, raw: unknown): void => {
    const parsed = bodySchema.safeParse(raw);
    if (!parsed.success) throw new SlackFailure('invalid_payload');
    const body = parsed.data;
    if (body.delete_original) {
      remove(target);
      return;
    }
    const blocks = body.blocks === undefined ? [] : checkMessageBlocks(body.blocks, false);
    const { text = '', thread_ts: threadTs } = body;
    if (text === '' && blocks.length === 0) throw new SlackFailure('no_text');
    const original = body.replace_original ? target.original : undefined;
    const { channel, userId: toUser } = target;
    if (original && 'ephemeral' in original) messages.editEphemeral(original.ephemeral, { text, blocks });
    else if (original) bulletin.edit(original.message, { text, blocks, metadata: original.message.metadata });
    else if (body.response_type === 'in_channel') bulletin.postAsBot({ channel, text, blocks, threadTs });
    else messages.addEphemeral({ channel, toUser, text, blocks, threadTs });
  };
}
