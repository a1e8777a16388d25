// Which scope a method needs, so that a manifest that forgets one fails here as it would in Slack. Any one of the
// listed scopes will do (Slack's method pages; for conversations.* it depends on the kind of channel).

const READ = ['channels:read', 'groups:read', 'im:read', 'mpim:read'];
const HISTORY = ['channels:history', 'groups:history', 'im:history', 'mpim:history'];

const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'agents.sessions.rename': ['chat:write'],
  'agents.sessions.setStatus': ['chat:write'],
  'assistant.threads.setStatus': ['chat:write', 'assistant:write'],
  'bots.info': ['users:read'],
  'chat.appendStream': ['chat:write'],
  'chat.delete': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'chat.postMessage': ['chat:write'],
  'chat.startStream': ['chat:write'],
  'chat.stopStream': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.history': HISTORY,
  'conversations.info': READ,
  'conversations.invite': [
    'channels:manage',
    'channels:write.invites',
    'groups:write',
    'groups:write.invites',
  ],
  'conversations.join': ['channels:join'],
  'conversations.list': READ,
  'conversations.members': READ,
  'conversations.open': ['im:write', 'mpim:write', 'channels:manage', 'groups:write'],
  'conversations.replies': HISTORY,
  'reactions.add': ['reactions:write'],
  'reactions.get': ['reactions:read'],
  'reactions.remove': ['reactions:write'],
  'team.info': ['team:read'],
  'usergroups.users.list': ['usergroups:read'],
  'users.info': ['users:read'],
  'users.list': ['users:read'],
};

/** What a reasonable bot of this kind is granted, unless told otherwise. */
export const DEFAULT_SCOPES: readonly string[] = [
  ...['app_mentions:read', 'chat:write', 'commands', 'channels:join', 'channels:write.invites', 'im:write'],
  ...['reactions:read', 'reactions:write', 'team:read', 'usergroups:read', 'users:read'],
  ...READ,
  ...HISTORY,
];

/** The scope to ask for where none of the sufficient ones is granted. */
export function findMissingScope(method: string, granted: readonly string[]): string | undefined {
  const sufficient = NEEDED[method] ?? [];
  return sufficient.some((scope) => granted.includes(scope)) ? undefined : sufficient[0];
}
