// The knobs of the local Slack: transport, retries and faults.
import type { AgentSessions, SessionOffer } from './agent-sessions.ts';
import type { Events } from './events.ts';
import type { Faults } from './faults.ts';
import type { HttpDelivery } from './http-delivery.ts';
import type { Sockets } from './sockets.ts';
import type { Streams } from './streams.ts';

/** Creates the knobs. */
export function createControls(options: {
  http: HttpDelivery;
  sockets: Sockets;
  events: Events;
  faults: Faults;
  sessions: AgentSessions;
  streams: Streams;
}) {
  const { http, sockets, events, faults, sessions, streams } = options;
  return {
    /** Switches to HTTP mode: from now on everything is POSTed, signed, to this URL (`…/slack/events`). */
    connectHttp: (to: { requestUrl: string }) => http.connect(to.requestUrl),
    disconnectHttp: http.disconnect,
    socketCount: sockets.count,
    socketsEverOpened: sockets.everOpened,
    /** Asks every socket to reconnect, as Slack does every few hours. */
    refreshSockets: (reason: 'refresh_requested' | 'warning' | 'link_disabled' = 'refresh_requested') =>
      sockets.refresh(reason),
    /** Cuts every socket without a word. */
    cutSockets: sockets.cut,
    /** Sends a frame of any shape over every socket, as Slack or something on the way might. */
    sendRawFrame: sockets.sendRaw,
    /** Whether the app acknowledged an envelope of a raw frame. */
    wasAcked: sockets.wasAcked,
    /** Sends every waiting retry of an event now. */
    retryNow: events.retryNow,
    waitingRetries: events.waitingRetries,

    /** Whether the workspace offers agent sessions from now on, or how it refuses them. */
    offerAgentSessions: (offer: SessionOffer) => sessions.offerAs(offer),
    /** Lets streams seem older, so that they die as they do after five minutes. */
    ageStreams: (ms: number) => streams.age(ms),

    fault: faults.add,
    clearFaults: faults.clear,
    limitPosts: faults.limitPosts,
    /** Delivers every event twice under one event_id. */
    doubleEvents(isOn: boolean): void {
      faults.isDoubling = isOn;
    },
    /** Delivers everything twice: events under one event_id, clicks, forms and commands under one trigger_id. */
    doubleAll(isOn: boolean): void {
      faults.isDoublingAll = isOn;
    },
    /** Acknowledgements get lost on the way: people see an error, and events come again. */
    loseAcks(isOn: boolean): void {
      faults.isLosingAcks = isOn;
    },
    /** Answers every call with the bot's token by this error, e.g. `token_revoked`; undefined makes it good again. */
    refuseToken(error: string | undefined): void {
      faults.tokenError = error;
    },
    /** Holds each event back for as long as `holdMs` says, so that later ones overtake it; undefined ends it. */
    holdEvents(holdMs: (() => number) | undefined): void {
      faults.holdEventMs = holdMs;
    },
    /** Slack is gone: sockets and requests are cut, events fail and wait for their retry. */
    down(isOn: boolean): void {
      faults.isDown = isOn;
      if (isOn) sockets.cut();
    },
  };
}
