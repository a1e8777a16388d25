// What every interaction has in common: the payload's fixed part, the road to the app, and what a person sees when it
// does not answer in time. Interactions are never retried.
import type { Channel } from '../channels.ts';
import type { Delivery } from '../delivery.ts';
import type { Directory } from '../directory.ts';
import type { Dispatch } from '../dispatch.ts';

export type Outcome = Readonly<{
  isAcked: boolean;
  ackMs: number;
  ackBody: unknown;
  /** What Slack tells the person instead: `operation_timeout` or `dispatch_failed`. */
  error?: string;
}>;

/** Reads a delivery as a person feels it. */
export function toOutcome(delivery: Delivery): Outcome {
  const { isAcked, ackMs, body } = delivery;
  if (isAcked) return { isAcked, ackMs, ackBody: body };
  const isTimeout = delivery.reason === 'timeout' || delivery.reason === 'http_timeout';
  return { isAcked, ackMs, ackBody: body, error: isTimeout ? 'operation_timeout' : 'dispatch_failed' };
}

/** Creates the sender of interactions. */
export function createInteractions(options: { directory: Directory; dispatch: Dispatch }) {
  const { directory, dispatch } = options;
  return {
    /** The fields that every interaction payload carries. */
    base(userId: string) {
      const user = directory.getUser(userId);
      return {
        token: 'local-verification-token',
        api_app_id: directory.appId,
        team: { id: directory.teamId, domain: 'local' },
        enterprise: null,
        is_enterprise_install: false,
        user: { id: user.id, name: user.name, username: user.name, team_id: user.teamId },
      };
    },
    async send(payload: object, acceptsBody = false): Promise<Outcome> {
      return toOutcome(await dispatch.send({ kind: 'interactive', payload, acceptsBody }));
    },
  };
}

export type Interactions = ReturnType<typeof createInteractions>;

/** A channel's name as commands and interactions show it. */
export function shownName(channel: Channel): string {
  if (channel.kind === 'im') return 'directmessage';
  return channel.kind === 'group' ? 'privategroup' : channel.name;
}
