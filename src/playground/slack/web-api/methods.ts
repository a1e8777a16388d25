// The list of all Web API methods this Slack knows.
import type { AgentSessions } from '../agent-sessions.ts';
import type { Bulletin } from '../bulletin.ts';
import type { DescribeMessage } from '../describe-message.ts';
import type { Directory } from '../directory.ts';
import type { Membership } from '../membership.ts';
import type { Messages } from '../messages.ts';
import type { Streams } from '../streams.ts';
import type { Triggers } from '../triggers.ts';
import type { Views } from '../views.ts';
import { createChatMethods } from './chat.ts';
import { createConversationMethods } from './conversations.ts';
import { createHistoryMethods } from './history.ts';
import { type Method, method } from './method.ts';
import { createPeopleMethods } from './people-methods.ts';
import { createReactionMethods } from './reactions.ts';
import { createSessionMethods } from './session-methods.ts';
import { createViewMethods } from './view-methods.ts';

/** Creates every method over one workspace. `openSocketUrl` gives a fresh Socket Mode URL. */
export function createMethods(options: {
  directory: Directory;
  messages: Messages;
  views: Views;
  bulletin: Bulletin;
  membership: Membership;
  describe: DescribeMessage;
  triggers: Triggers;
  sessions: AgentSessions;
  streams: Streams;
  hearsStop: boolean;
  baseUrl: () => string;
  openSocketUrl: () => string;
}): Record<string, Method> {
  return {
    'api.test': method({}, () => ({})),
    'apps.connections.open': method({}, () => ({ url: options.openSocketUrl() }), 'app'),
    ...createPeopleMethods(options),
    ...createChatMethods(options),
    ...createConversationMethods(options),
    ...createHistoryMethods(options),
    ...createReactionMethods(options),
    ...createSessionMethods(options),
    ...createViewMethods(options),
  };
}
