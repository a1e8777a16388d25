// Prints a thread the way its reader sees it: who, when, what, buttons, reactions, and what only one person sees.
import type { Block } from './blocks.ts';
import type { Directory } from './directory.ts';
import type { Ephemeral } from './ephemerals.ts';
import type { Message, Messages } from './messages.ts';
import { renderBlocks } from './render-blocks.ts';
import { type Names, renderMrkdwn } from './render-text.ts';
import type { View } from './view-store.ts';

const INDENT = '  ';

/** Creates the printer. Times are UTC. */
export function createRender(options: { directory: Directory; messages: Messages }) {
  const { directory, messages } = options;

  const names: Names = {
    user: (id) => directory.listUsers().find((user) => user.id === id)?.name ?? id,
    channel: (id) => directory.findChannel(id)?.name ?? id,
  };

  const body = (text: string, blocks: readonly Block[]) => renderBody(text, blocks, names);

  function renderMessage(message: Message): string[] {
    const time = message.history[0]?.at.toISOString().slice(11, 19) ?? '';
    const edits = message.history.length - 1;
    const app = message.isByBot ? ' [app]' : '';
    const head = `@${names.user(message.user)}${app} ${time}${edits > 0 ? ` (edited ${edits}×)` : ''}`;
    if (message.deletedAt) return [head, `${INDENT}This message was deleted.`];
    const files = message.files.map((file) => `${INDENT}[file: ${file.name}]`);
    const reactions = message.reactions.map(({ name, users }) => `:${name}: ${users.length}`).join('  ');
    return [
      head,
      ...body(message.text, message.blocks),
      ...files,
      ...(reactions ? [`${INDENT}${reactions}`] : []),
    ];
  }

  function renderEphemeral(ephemeral: Ephemeral): string[] {
    const who = ephemeral.isFromSlack ? 'Slackbot' : `@${directory.bot.name} [app]`;
    const head = `${who} (only @${names.user(ephemeral.toUser)} sees this)`;
    return [head, ...body(ephemeral.text, ephemeral.blocks)];
  }

  /** The root and its replies, replies indented. */
  function renderThread(channel: string, ts: string): string {
    const [root, ...replies] = messages.thread(channel, ts);
    if (!root) return `(no thread ${channel}/${ts})`;
    const indented = replies.flatMap((reply) =>
      renderMessage(reply).map((line) => `${INDENT}${line}`.trimEnd()),
    );
    return [...renderMessage(root), ...indented].join('\n');
  }

  return {
    renderThread,
    renderEphemeral: (ephemeral: Ephemeral) => renderEphemeral(ephemeral).join('\n'),
    /** A modal or home tab, its fields and buttons. */
    renderView: (view: View) => renderView(view, names),
    /** Every thread and every ephemeral: what a failed wait shows. */
    renderAll(): string {
      const threads = messages
        .roots()
        .map((root) => `#${names.channel(root.channel)} ${root.ts}\n${renderThread(root.channel, root.ts)}`);
      const asides = directory
        .listUsers()
        .flatMap((user) => messages.ephemeralsTo(user.id).map((one) => renderEphemeral(one).join('\n')));
      return [...threads, ...asides].join('\n\n') || '(nothing was said)';
    },
  };
}

export type Render = ReturnType<typeof createRender>;

function renderBody(text: string, blocks: readonly Block[], names: Names): string[] {
  const lines = blocks.length > 0 ? renderBlocks(blocks, names) : renderMrkdwn(text, names).split('\n');
  return lines.map((line) => `${INDENT}${line}`.trimEnd());
}

function renderView({ content, errors }: View, names: Names): string {
  const isModal = content.type === 'modal';
  const title = isModal ? `┌ ${content.title.text}` : '┌ Home';
  const submit = isModal && content.submit ? [`${INDENT}[ ${content.submit.text} ]`] : [];
  const complaints = Object.entries(errors).map(([block, error]) => `${INDENT}! ${block}: ${error}`);
  return [title, ...renderBody('', content.blocks, names), ...complaints, ...submit].join('\n');
}
