// When somebody said or pressed something, by the better witness of two clocks.

/** How far Slack's clock and our database's may be apart. */
const CLOCKS_DIFFER_MS = 30_000;

/**
 * `ts` is Slack's, in seconds with a fraction: an event may reach us minutes late, and then Slack's clock is the better
 * witness. Without it, what counts is when we got it.
 */
export function saidAt(ts: string | undefined, receivedAt: Date): Date {
  const ms = Number(ts) * 1_000;
  return receivedAt.getTime() - ms > CLOCKS_DIFFER_MS ? new Date(ms) : receivedAt;
}
