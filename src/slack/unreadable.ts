// Jobs that another version of Errand stored and this bot cannot read: they are left to whoever can, looked at again now
// and then, and after a while the card says so. Slack is never called up to date on them, so a newer bot shows them at once.
import { findJobPlace } from '../store/jobs.ts';
import { loadMessages } from '../store/messages.ts';
import { setThread } from '../store/threads.ts';
import { section } from './card.ts';
import { type DeliverContext, deliverMessage, hashMessage } from './deliver.ts';
import { jobUnreadable } from './words/messages.ts';

export const LOOK_AGAIN_MS = 15_000;

export type Unreadables = ReturnType<typeof createUnreadables>;

/** Remembers what this process could not read, for `lookAgainMs` each. */
export function createUnreadables({ now, lookAgainMs }: { now: () => Date; lookAgainMs: number }) {
  const seen = new Map<number, { looks: number; untilMs: number }>();
  return {
    /** Jobs to look away from right now. */
    current(): readonly number[] {
      const nowMs = now().getTime();
      return [...seen].flatMap(([jobId, { untilMs }]) => (untilMs > nowMs ? [jobId] : []));
    },
    /** Notes one more look in vain; answers how many there were. */
    note(jobId: number): number {
      const looks = (seen.get(jobId)?.looks ?? 0) + 1;
      seen.set(jobId, { looks, untilMs: now().getTime() + lookAgainMs });
      return looks;
    },
    /** It can be read after all. */
    forget: (jobId: number) => void seen.delete(jobId),
  };
}

/** Logs the first look in vain; from the second on, when no newer bot came by, people are told on the card. */
export async function showUnreadable(
  means: DeliverContext & Readonly<{ unreadables: Unreadables }>,
  jobId: number,
  error: Error,
): Promise<void> {
  const looks = means.unreadables.note(jobId);
  if (looks === 1) return void means.log.error({ err: error, jobId }, 'slack.show.unreadable');
  const place = await findJobPlace(means.sql, jobId);
  if (place === undefined) return;
  const text = jobUnreadable(jobId);
  const wanted = { slot: 'card', paced: true, text, blocks: [section(text)] };
  const known = (await loadMessages(means.sql, jobId)).find((message) => message.slot === 'card');
  if (known?.shownHash === hashMessage(wanted)) return;
  const delivery = await deliverMessage(means, { jobId, ...place }, { wanted, known });
  if (typeof delivery === 'object' && 'ts' in delivery && place.threadTs === undefined) {
    await setThread(means.sql, jobId, delivery.ts);
  }
}
