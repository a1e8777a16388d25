// Judges the blocks of a message or view the way Slack does: its limits, its error codes, its way to name the spot.
// What passes comes back typed, with every block_id and action_id filled in.
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { findRuleBreaks } from './block-rules.ts';
import { type Block, interactiveElements, messageBlock, viewBlock } from './blocks.ts';
import { SlackFailure } from './failure.ts';

const MESSAGE_BLOCKS_MAX = 50;
const VIEW_BLOCKS_MAX = 100;
/** Undocumented; reported in slackapi/bolt-js issue 2509 (containers count, too). */
const MESSAGE_BLOCKS_LENGTH_MAX = 13_200;

/** Parses JSON where it came as a string (form-encoded calls); anything else is handed through. */
export function decodeJson(raw: unknown, failure: string): unknown {
  if (typeof raw !== 'string') return raw;
  try {
    return JSON.parse(raw);
  } catch {
    throw new SlackFailure(failure);
  }
}

/**
 * Checks the blocks of a message. `isMeasured` is off for response URLs, which do not know the limit on the sum.
 * Throws `invalid_blocks_format`, `invalid_blocks`, `invalid_attachments` (two tables) or `msg_blocks_too_long`.
 */
export function checkMessageBlocks(raw: unknown, isMeasured = true): Block[] {
  const given = decodeJson(raw, 'invalid_blocks_format');
  if (!Array.isArray(given)) throw new SlackFailure('invalid_blocks_format');
  const parsed = z.array(messageBlock).max(MESSAGE_BLOCKS_MAX).safeParse(given);
  if (!parsed.success) throw new SlackFailure('invalid_blocks', describeIssues(parsed.error, '/blocks'));
  const problems = findRuleBreaks(parsed.data, '/blocks');
  if (problems.length > 0) throw new SlackFailure('invalid_blocks', problems);
  if (parsed.data.filter((block) => block.type === 'table').length > 1) {
    throw new SlackFailure('invalid_attachments', ['only_one_table_allowed']);
  }
  if (isMeasured && JSON.stringify(parsed.data).length > MESSAGE_BLOCKS_LENGTH_MAX) {
    throw new SlackFailure('msg_blocks_too_long');
  }
  return fillIds(parsed.data);
}

/** Checks the blocks of a modal or home tab. Throws `invalid_arguments`, as views.* do. */
export function checkViewBlocks(given: unknown): Block[] {
  const parsed = z.array(viewBlock).max(VIEW_BLOCKS_MAX).safeParse(given);
  if (!parsed.success)
    throw new SlackFailure('invalid_arguments', describeIssues(parsed.error, '/view/blocks'));
  const problems = findRuleBreaks(parsed.data, '/view/blocks');
  if (problems.length > 0) throw new SlackFailure('invalid_arguments', problems);
  return fillIds(parsed.data);
}

/** Tells zod's findings in Slack's words, e.g. `[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]`. */
export function describeIssues(error: z.ZodError, root: string): string[] {
  return error.issues.flatMap((issue) => describeIssue(issue, root));
}

function describeIssue(issue: z.core.$ZodIssue, root: string): string[] {
  const say = (what: string, path: readonly PropertyKey[] = issue.path) => [
    `[ERROR] ${what} [json-pointer:${[root, ...path.map(String)].join('/')}]`,
  ];
  switch (issue.code) {
    case 'too_big':
      return issue.origin === 'array'
        ? say(`no more than ${issue.maximum} items allowed`)
        : say(`must be less than ${Number(issue.maximum) + 1} characters`);
    case 'too_small':
      return issue.origin === 'array'
        ? say(`no fewer than ${issue.minimum} items allowed`)
        : say(`must be more than ${Number(issue.minimum) - 1} characters`);
    case 'unrecognized_keys':
      return issue.keys.flatMap((key) => say(`invalid additional property: ${key}`));
    case 'invalid_union':
      return issue.discriminator === undefined
        ? say('failed to match all allowed schemas')
        : say('unsupported type');
    case 'invalid_type':
      return issue.input === undefined && issue.message.includes('received undefined')
        ? say(`missing required field: ${String(issue.path.at(-1))}`, issue.path.slice(0, -1))
        : say(`must provide a ${issue.expected}`);
    default:
      return say(issue.message);
  }
}

function fillIds(blocks: Block[]): Block[] {
  for (const block of blocks) {
    block.block_id ||= randomBytes(4).toString('base64url');
    for (const { element } of interactiveElements([block])) {
      element.action_id ||= randomBytes(4).toString('base64url');
    }
  }
  return blocks;
}
