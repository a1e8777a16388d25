// A person types a slash command. The app has 3 s; nothing is retried; threads know no slash commands.
import { z } from 'zod';
import { checkMessageBlocks } from '../block-check.ts';
import type { Bulletin } from '../bulletin.ts';
import type { Directory } from '../directory.ts';
import type { Dispatch } from '../dispatch.ts';
import type { Escaping } from '../escaping.ts';
import { PersonCannot } from '../failure.ts';
import type { Messages } from '../messages.ts';
import type { ResponseUrls } from '../response-urls.ts';
import type { Triggers } from '../triggers.ts';
import { type Outcome, shownName, toOutcome } from './interaction.ts';

export type Typed = Readonly<{
  user: string;
  channel: string;
  command: string;
  text?: string;
  /** The thread whose reply box it was typed into: Slack refuses that. */
  threadTs?: string;
}>;

const ackBody = z.union([
  z.string(),
  z.looseObject({
    text: z.string().optional(),
    blocks: z.unknown().optional(),
    response_type: z.string().optional(),
  }),
]);

type Parts = Readonly<{
  directory: Directory;
  messages: Messages;
  bulletin: Bulletin;
  escaping: Escaping;
  triggers: Triggers;
  responseUrls: ResponseUrls;
  dispatch: Dispatch;
  commands: readonly string[];
}>;

/** Creates the one verb. `commands` are the registered ones. */
export function createSlashCommand(options: Parts) {
  const { directory, messages, escaping } = options;

  /** Slackbot says, only to this person, why nothing happened. */
  function fail(typed: Typed, error: string, text: string, outcome?: Outcome): Outcome {
    const { channel, user: toUser, threadTs } = typed;
    messages.addEphemeral({ channel, toUser, threadTs, text, isFromSlack: true });
    return { isAcked: false, ackMs: 0, ackBody: undefined, ...outcome, error };
  }

  function buildPayload(typed: Typed) {
    const user = directory.getUser(typed.user);
    const channel = directory.getChannel(typed.channel);
    return {
      token: 'local-verification-token',
      team_id: user.teamId,
      team_domain: 'local',
      channel_id: channel.id,
      channel_name: shownName(channel),
      user_id: user.id,
      user_name: user.name,
      command: typed.command,
      text: escaping.command((typed.text ?? '').trim()),
      api_app_id: directory.appId,
      is_enterprise_install: 'false',
      response_url: options.responseUrls.issue('commands', { userId: user.id, channel: channel.id }),
      trigger_id: options.triggers.issue(user.id),
    };
  }

  /** Resolves when the app acknowledged or Slack gave up; `error` says what the person was told then. */
  return async function slashCommand(typed: Typed): Promise<Outcome> {
    const { command } = typed;
    if (!directory.getChannel(typed.channel).members.has(typed.user)) {
      throw new PersonCannot(`${typed.user} is not in ${typed.channel}`);
    }
    if (typed.threadTs !== undefined) {
      return fail(typed, 'not_supported_in_threads', `${command} is not supported in threads. Sorry!`);
    }
    if (!options.commands.includes(command)) {
      return fail(typed, 'unknown_command', `${command} is not a valid command.`);
    }
    const payload = buildPayload(typed);
    const delivery = await options.dispatch.send({ kind: 'slash_commands', payload, acceptsBody: true });
    const outcome = toOutcome(delivery);
    if (outcome.error) {
      return fail(typed, outcome.error, `${command} failed with the error "${outcome.error}"`, outcome);
    }
    showAck(options, typed, outcome.ackBody);
    return outcome;
  };
}

/** An ack may carry a message: to the person alone, or to all with `response_type: in_channel`. */
function showAck(to: { messages: Messages; bulletin: Bulletin }, typed: Typed, body: unknown): void {
  const parsed = ackBody.safeParse(body);
  if (!parsed.success) return;
  const said = typeof parsed.data === 'string' ? { text: parsed.data } : parsed.data;
  const blocks = said.blocks === undefined ? [] : checkMessageBlocks(said.blocks, false);
  const { text = '' } = said;
  const { channel, user: toUser } = typed;
  if (text === '' && blocks.length === 0) return;
  if (said.response_type === 'in_channel') to.bulletin.postAsBot({ channel, text, blocks });
  else to.messages.addEphemeral({ channel, toUser, text, blocks });
}
