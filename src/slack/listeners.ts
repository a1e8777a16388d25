// The one table of what the bot listens to. manifest.yml must subscribe to exactly this; a test holds the two together.
import {
  pressApprove,
  pressChanges,
  pressInterrupt,
  pressReject,
  pressRetry,
  pressStop,
  pressUpdate,
} from './buttons.ts';
import { hearOpened } from './channel-open.ts';
import { dropChoice, pickRepository } from './choices.ts';
import { hearSlashCommand } from './command.ts';
import type { Desk, Request } from './desk.ts';
import { hearHome } from './home.ts';
import { ACTION, ANSWER_ACTIONS, SHORTCUT, VIEW } from './ids.ts';
import { hearPost } from './mention.ts';
import { clickSchema, readPost, speakerOf, suggestionSchema } from './payloads.ts';
import { pressAnswer, pressDrop, pressRun, pressRunAsOne, pressSplit } from './plan-buttons.ts';
import { pressRemember } from './remember.ts';
import { type MenuOption, repositoryOptions } from './repository-menu.ts';
import { hearSessionStopped } from './session-stopped.ts';
import { openTaskForm, submitTask } from './shortcut.ts';
import { type Form, submitChanges, submitReject } from './submissions.ts';

type Hears = (desk: Desk, body: unknown, request: Request) => Promise<void>;

/** `id`: the command, event type, action_id or callback_id. Bodies come as Slack sends them. */
export type Listener =
  | Readonly<{ kind: 'command' | 'event' | 'action' | 'shortcut'; id: string; listener: Hears }>
  | Readonly<{
      kind: 'view';
      id: string;
      listener: (desk: Desk, body: unknown, form: Form) => Promise<void>;
    }>
  | Readonly<{
      kind: 'options';
      id: string;
      listener: (desk: Desk, body: unknown) => Promise<readonly MenuOption[]>;
    }>;

export const LISTENERS: readonly Listener[] = [
  { kind: 'command', id: '/agent', listener: hearSlashCommand },
  { kind: 'event', id: 'app_mention', listener: hear },
  { kind: 'event', id: 'message', listener: hear },
  { kind: 'event', id: 'app_home_opened', listener: hearHome },
  { kind: 'event', id: 'agent_session_stopped', listener: hearSessionStopped },
  { kind: 'event', id: 'member_joined_channel', listener: hearOpened },
  { kind: 'event', id: 'channel_unarchive', listener: hearOpened },
  { kind: 'event', id: 'group_unarchive', listener: hearOpened },
  { kind: 'shortcut', id: SHORTCUT.sendToAgent, listener: openTaskForm },
  { kind: 'action', id: ACTION.approve, listener: pressApprove },
  { kind: 'action', id: ACTION.changes, listener: pressChanges },
  { kind: 'action', id: ACTION.reject, listener: pressReject },
  { kind: 'action', id: ACTION.stop, listener: pressStop },
  { kind: 'action', id: ACTION.interrupt, listener: pressInterrupt },
  { kind: 'action', id: ACTION.retry, listener: pressRetry },
  { kind: 'action', id: ACTION.remember, listener: pressRemember },
  { kind: 'action', id: ACTION.update, listener: pressUpdate },
  // A link in a button's clothes: Slack tells of the press all the same and wants an answer.
  { kind: 'action', id: ACTION.open, listener: async () => {} },
  { kind: 'action', id: ACTION.planRun, listener: pressRun },
  { kind: 'action', id: ACTION.planOne, listener: pressRunAsOne },
  { kind: 'action', id: ACTION.planSplit, listener: pressSplit },
  { kind: 'action', id: ACTION.planDrop, listener: pressDrop },
  ...ANSWER_ACTIONS.map((id) => ({ kind: 'action' as const, id, listener: pressAnswer })),
  { kind: 'action', id: ACTION.pickRepo, listener: pick },
  {
    kind: 'action',
    id: ACTION.dropChoice,
    listener: (desk, body, request) => dropChoice(desk, clickSchema.parse(body), request),
  },
  { kind: 'view', id: VIEW.changes, listener: submitChanges },
  { kind: 'view', id: VIEW.reject, listener: submitReject },
  { kind: 'view', id: VIEW.task, listener: submitTask },
  { kind: 'options', id: ACTION.pickRepo, listener: suggest },
];

async function hear(desk: Desk, event: unknown, request: Request): Promise<void> {
  const post = readPost(event, desk.identity().teamId);
  if (post) await hearPost(desk, post, request);
}

/** The same menu stands in the *Send to agent* form, where choosing does nothing yet. */
async function pick(desk: Desk, body: unknown, request: Request): Promise<void> {
  const click = clickSchema.parse(body);
  if (click.response_url !== undefined) await pickRepository(desk, click, request);
}

async function suggest(desk: Desk, body: unknown): Promise<readonly MenuOption[]> {
  const { value, user } = suggestionSchema.parse(body);
  const stranger = await desk.people.mayNotCommand(speakerOf({ user }));
  return stranger ? [] : repositoryOptions(desk.lookups, value);
}
