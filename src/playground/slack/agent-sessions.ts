// Agent sessions: what a thread with an agent says of itself (docs.slack.dev/ai/agent-sessions). Whether the workspace offers
// them is a switch. Knows no transport.
import type { Changes } from './changes.ts';

export const SESSION_STATUSES = ['active', 'processing', 'suspended', 'closed'] as const;
export type SessionStatus = (typeof SESSION_STATUSES)[number];

/** `offered`, or what Slack answers where it has none: the method is unknown, or the app is no agent there. */
export type SessionOffer = 'offered' | 'unknown_method' | 'feature_disabled' | 'not_allowed';

export type AgentSession = Readonly<{
  channel: string;
  threadTs: string;
  status: SessionStatus;
  title: string;
  initiator: string | undefined;
}>;

/** Creates the sessions, none yet. */
export function createAgentSessions(options: { offer: SessionOffer; changes: Changes }) {
  const sessions = new Map<string, AgentSession>();
  const history: AgentSession[] = [];
  let { offer } = options;
  return {
    offer: () => offer,
    offerAs(now: SessionOffer): void {
      offer = now;
    },
    find: (channel: string, threadTs: string) => sessions.get(`${channel}/${threadTs}`),
    /** Every state that a session ever had, oldest first. */
    history: (channel: string, threadTs: string) =>
      history.filter((one) => one.channel === channel && one.threadTs === threadTs),
    /** Title and initiator count only when the session begins. */
    set(
      place: Readonly<{ channel: string; threadTs: string }>,
      given: Readonly<{ status: SessionStatus; title?: string | undefined; initiator?: string | undefined }>,
    ): AgentSession {
      const key = `${place.channel}/${place.threadTs}`;
      const before = sessions.get(key);
      const session: AgentSession = before
        ? { ...before, status: given.status }
        : { ...place, status: given.status, title: given.title ?? '', initiator: given.initiator };
      sessions.set(key, session);
      history.push(session);
      options.changes.changed();
      return session;
    },
    rename(session: AgentSession, title: string): AgentSession {
      const renamed = { ...session, title };
      sessions.set(`${session.channel}/${session.threadTs}`, renamed);
      options.changes.changed();
      return renamed;
    },
  };
}

export type AgentSessions = ReturnType<typeof createAgentSessions>;
