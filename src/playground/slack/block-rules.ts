// The rules of Block Kit that span more than one field. Pure; answers problems in Slack's words.
import { type Block, interactiveElements } from './blocks.ts';
import type { Element } from './elements.ts';
import { offeredOptions } from './form-state.ts';

const MARKDOWN_SUM_MAX = 12_000;

/** Lists what is wrong. `root` is where the blocks stand, `/blocks` or `/view/blocks`. */
export function findRuleBreaks(blocks: readonly Block[], root: string): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const [index, block] of blocks.entries()) {
    const at = `[json-pointer:${root}/${index}]`;
    const found = findBlockBreaks(block);
    if (block.block_id && seen.has(block.block_id)) found.push('block_id already exists');
    seen.add(block.block_id ?? '');
    problems.push(...found.map((problem) => `[ERROR] ${problem} ${at}`));
  }
  const markdownSum = blocks.reduce(
    (sum, block) => sum + (block.type === 'markdown' ? block.text.length : 0),
    0,
  );
  if (markdownSum > MARKDOWN_SUM_MAX) {
    problems.push(`[ERROR] markdown must be less than ${MARKDOWN_SUM_MAX + 1} characters in sum`);
  }
  return problems;
}

function findBlockBreaks(block: Block): string[] {
  const elements = interactiveElements([block]).map((placed) => placed.element);
  const problems = elements.flatMap(findElementBreaks);
  const actionIds = elements.flatMap((element) => element.action_id ?? []);
  if (new Set(actionIds).size < actionIds.length) problems.push('action_id already exists');
  if (block.type === 'section' && !block.text && !block.fields)
    problems.push('must define `text` or `fields`');
  if (block.type === 'image' && !block.image_url && !block.slack_file) {
    problems.push('must define `image_url` or `slack_file`');
  }
  return problems;
}

function findElementBreaks(element: Element): string[] {
  const options = offeredOptions(element);
  if (element.type === 'static_select' || element.type === 'multi_static_select') {
    if (options.length === 0) return ['must define `options` or `option_groups`'];
  }
  const isOffered = (value: string | undefined) => options.some((option) => option.value === value);
  const isExternal = element.type === 'external_select' || element.type === 'multi_external_select';
  const single = 'initial_option' in element && element.initial_option ? [element.initial_option] : [];
  const several = 'initial_options' in element ? (element.initial_options ?? []) : [];
  const isWrong = !isExternal && [...single, ...several].some((option) => !isOffered(option.value));
  return isWrong ? ['an initial option must be one of the options'] : [];
}
