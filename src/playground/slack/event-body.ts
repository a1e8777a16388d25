// The outer form of an event, and the name under which an app subscribes to it. Pure.
import type { Directory } from './directory.ts';
import { newId } from './ids.ts';

export type SlackEvent = Readonly<Record<string, unknown> & { type: string }>;
export type EventBody = ReturnType<typeof wrapEvent>;

/** Messages are subscribed to by kind of channel (`message.groups`), everything else by its type. */
export function subscriptionName(event: SlackEvent): string {
  if (event.type !== 'message') return event.type;
  const kind = event['channel_type'];
  return `message.${kind === 'im' ? 'im' : `${kind}s`}`;
}

/** Wraps an event under a fresh event_id. */
export function wrapEvent(event: SlackEvent, directory: Directory, now: Date) {
  const { teamId, appId, bot } = directory;
  const authorization = { team_id: teamId, user_id: bot.id, is_bot: true, is_enterprise_install: false };
  return {
    token: 'local-verification-token',
    team_id: teamId,
    context_team_id: teamId,
    context_enterprise_id: null,
    api_app_id: appId,
    event,
    type: 'event_callback',
    event_id: newId('Ev'),
    event_time: Math.floor(now.getTime() / 1000),
    authorizations: [{ enterprise_id: null, ...authorization }],
    is_ext_shared_channel: isShared(event, directory),
    event_context: newId('4-'),
  };
}

/** Whether people of another organisation are in the channel that the event is of. */
function isShared(event: SlackEvent, directory: Directory): boolean {
  const channel = typeof event['channel'] === 'string' ? directory.findChannel(event['channel']) : undefined;
  return [...(channel?.members ?? [])].some((id) => directory.getUser(id).teamId !== directory.teamId);
}
