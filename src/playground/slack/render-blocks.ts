// Turns blocks into lines of plain text as a person would see them, e.g. buttons as `[ Approve & merge ]`. Pure.
import type { Block, RichText, Table, Task } from './blocks.ts';
import type { Element } from './elements.ts';
import { type Names, renderMrkdwn } from './render-text.ts';

const TASK_MARKS = { pending: '○', in_progress: '▶', complete: '✔', error: '✗' } as const;

type Text = Readonly<{ type: 'plain_text' | 'mrkdwn'; text: string }>;

/** Renders all blocks, one array entry a line. */
export function renderBlocks(blocks: readonly Block[], names: Names): string[] {
  return blocks.flatMap((block) => renderBlock(block, names));
}

function renderBlock(block: Block, names: Names): string[] {
  const say = (text: Text) =>
    (text.type === 'mrkdwn' ? renderMrkdwn(text.text, names) : text.text).split('\n');
  switch (block.type) {
    case 'section': {
      const fields = (block.fields ?? []).map((field) => say(field).join(' '));
      const { accessory } = block;
      const side =
        accessory &&
        (accessory.type === 'image' ? `[image: ${accessory.alt_text}]` : renderElement(accessory));
      return [...(block.text ? say(block.text) : []), ...fields, ...(side ? [side] : [])];
    }
    case 'header':
      return [`# ${block.text.text}`];
    case 'context': {
      const parts = block.elements.map((part) =>
        part.type === 'image' ? `[image: ${part.alt_text}]` : say(part).join('\n'),
      );
      return `· ${parts.join(' · ')}`.split('\n');
    }
    case 'actions':
      return [block.elements.map(renderElement).join(' ')];
    case 'divider':
      return ['────'];
    case 'markdown':
      return block.text.split('\n');
    case 'image':
      return [`[image: ${block.alt_text}]`];
    case 'input':
      return [`${block.label.text}: ${renderElement(block.element)}${block.optional ? ' (optional)' : ''}`];
    case 'rich_text':
      return renderRichText(block, names);
    case 'table':
      return renderTable(block, names);
    case 'task_card':
      return renderTask(block, names);
    case 'plan':
      return [block.title, ...(block.tasks ?? []).flatMap((task) => renderTask(task, names))];
  }
}

function renderElement(element: Element): string {
  switch (element.type) {
    case 'button':
      return `[ ${element.text.text} ]`;
    case 'overflow':
      return '[ … ]';
    case 'checkboxes':
    case 'radio_buttons': {
      const initial =
        element.type === 'checkboxes' ? (element.initial_options ?? []) : [element.initial_option];
      const isOn = (value: string | undefined) => initial.some((one) => one?.value === value);
      return element.options.map((one) => `${isOn(one.value) ? '☑' : '☐'} ${one.text.text}`).join('  ');
    }
    case 'plain_text_input':
    case 'number_input':
    case 'url_text_input':
    case 'email_text_input':
      return `[ ${element.initial_value ?? element.placeholder?.text ?? ''}__ ]`;
    default: {
      const picked = 'initial_option' in element ? element.initial_option?.text.text : undefined;
      return `[ ${picked ?? element.placeholder?.text ?? 'Choose'} ▾ ]`;
    }
  }
}

function renderTask(task: Task, names: Names): string[] {
  const more = [task.details, task.output].flatMap((part) => (part ? renderRichText(part, names) : []));
  const sources = (task.sources ?? []).map((source) => `${source.text} (${source.url})`);
  return [`${TASK_MARKS[task.status]} ${task.title}`, ...[...more, ...sources].map((line) => `    ${line}`)];
}

function renderRichText(block: RichText, names: Names): string[] {
  return block.elements.flatMap((part): string[] => {
    if (part.type === 'rich_text_list') {
      const pad = '  '.repeat(part.indent ?? 0);
      const bullet = (index: number) => (part.style === 'ordered' ? `${index + 1}.` : '•');
      return part.elements.map(
        (item, index) => `${pad}${bullet(index)} ${renderLeaves(item.elements, names)}`,
      );
    }
    const lines = renderLeaves(part.elements, names).split('\n');
    if (part.type === 'rich_text_quote') return lines.map((line) => `> ${line}`);
    return part.type === 'rich_text_preformatted' ? lines.map((line) => `    ${line}`) : lines;
  });
}

type Leaf = Extract<RichText['elements'][number], { type: 'rich_text_section' }>['elements'][number];

function renderLeaves(leaves: readonly Leaf[], names: Names): string {
  const render = (leaf: Leaf): string => {
    if (leaf.type === 'user') return `@${names.user(leaf.user_id ?? '')}`;
    if (leaf.type === 'channel') return `#${names.channel(leaf.channel_id ?? '')}`;
    if (leaf.type === 'emoji') return `:${leaf.name}:`;
    if (leaf.type === 'link') return leaf.text ? `${leaf.text} (${leaf.url})` : (leaf.url ?? '');
    return leaf.text ?? '';
  };
  return leaves.map(render).join('').replace(/\n$/, '');
}

function renderTable(table: Table, names: Names): string[] {
  const cell = (content: Table['rows'][number][number]): string => {
    if (content.type === 'raw_text') return content.text;
    return content.type === 'raw_number' ? String(content.value) : renderRichText(content, names).join(' ');
  };
  const rows = table.rows.map((row) => row.map(cell));
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((text, at) => text.padEnd(widths[at] ?? 0))
      .join(' | ')
      .trimEnd(),
  );
}
