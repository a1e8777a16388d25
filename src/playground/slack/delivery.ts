// One delivery to the app: what is sent, and what became of it.

export type Envelope = Readonly<{
  kind: 'events_api' | 'slash_commands' | 'interactive';
  payload: object;
  /** Only for events that were not acknowledged before. */
  retry?: Readonly<{ num: number; reason: string }> | undefined;
  /** True where the answer may carry a body (commands, view submissions, suggestions). */
  acceptsBody?: boolean;
}>;

/** What became of one delivery; `reason` is Slack's word for why it was not acknowledged. */
export type Delivery = Readonly<{
  isAcked: boolean;
  ackMs: number;
  body: unknown;
  reason: string;
  refusesRetry?: boolean;
}>;

/** A delivery as one road saw it; the time it took is measured by the dispatcher. */
export type RoadOutcome = Omit<Delivery, 'ackMs'>;
