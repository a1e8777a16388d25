// What chat.* methods are asked to say: text, blocks, markdown, with Slack's limits on each. Pure.
import { z } from 'zod';
import { checkMessageBlocks } from '../block-check.ts';
import type { Block } from '../blocks.ts';
import { SlackFailure } from '../failure.ts';

export const POST_TEXT_MAX = 40_000;
export const UPDATE_TEXT_MAX = 4000;
const MARKDOWN_TEXT_MAX = 12_000;

/** The arguments that hold content. */
export const contentShape = {
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  attachments: z.unknown().optional(),
  markdown_text: z.string().optional(),
  metadata: z.unknown().optional(),
};
type Given = Readonly<z.infer<z.ZodObject<typeof contentShape>>>;

/** Reads what is to be said. Throws `no_text`, `msg_too_long`, `markdown_text_conflict` and the refusals of blocks. */
export function readContent(given: Given, textMax: number): { text: string; blocks: readonly Block[] } {
  const { text = '', markdown_text } = given;
  if (markdown_text !== undefined) {
    if (given.text !== undefined || given.blocks !== undefined)
      throw new SlackFailure('markdown_text_conflict');
    if (markdown_text.length > MARKDOWN_TEXT_MAX) throw new SlackFailure('msg_too_long');
    return { text: markdown_text, blocks: checkMessageBlocks([{ type: 'markdown', text: markdown_text }]) };
  }
  if (text.length > textMax) throw new SlackFailure('msg_too_long');
  const blocks = given.blocks === undefined ? [] : checkMessageBlocks(given.blocks);
  if (text === '' && blocks.length === 0 && given.attachments === undefined)
    throw new SlackFailure('no_text');
  return { text, blocks };
}
