// A store and a local Slack with a show loop between them: what stands in the one must come to stand in the other.
import { onTestFinished } from 'vitest';
import type { Job } from '../../src/job/job.ts';
import type { LocalSlackOptions } from '../../src/playground/slack/local-slack.ts';
import { createShow, createShowClient } from '../../src/slack/show.ts';
import type { Store } from '../../src/store/store.ts';
import { startTown } from './bolt-on-local-slack.ts';
import { addJob, now, openRoom, silent } from './store-room.ts';

export type ShowRoom = Awaited<ReturnType<typeof openShowRoom>>;

/** `ada` asks, `bob` watches; nothing is shown before `show()` is called. */
export async function openShowRoom(options: { timeoutMs?: number; slack?: LocalSlackOptions } = {}) {
  const store: Store = await openRoom();
  const { slack: workspace, ...limits } = options;
  const town = await startTown(workspace);
  const client = createShowClient({
    botToken: town.slack.botToken,
    apiUrl: town.apiUrl,
    log: silent,
    ...limits,
  });
  let loops = 0;
  const addHere = (fields: Partial<Job> = {}) =>
    addJob(store, { ...fields, channel: town.general.id, requester: fields.requester ?? town.ada.id });
  return {
    ...town,
    store,
    showClient: client,
    addHere,
    /** Starts one more show loop, as one more bot would. */
    show(options: { cardIntervalMs?: number; lookAgainMs?: number; now?: () => Date } = {}) {
      loops += 1;
      const show = createShow({ store, client, log: silent, now, holder: `bot${loops}`, ...options });
      show.start();
      onTestFinished(() => show.stop());
      return show;
    },
    /** The bot's messages in the channel, oldest first. */
    said: () => town.slack.messages(town.general.id).filter((message) => message.isByBot),
  };
}

/** Resolves once the database says that Slack shows everything. */
export async function allShown(room: Pick<ShowRoom, 'store' | 'slack'>, timeoutMs = 10_000): Promise<void> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const { rows } = await room.store.db.sql.query(
      'SELECT 1 FROM message_sets m JOIN jobs j ON j.id = m.job_id WHERE j.change > m.shown_change',
    );
    if (rows.length === 0) return;
    if (Date.now() > until) throw new Error('Slack is still behind.');
    // Every look is a round trip to Postgres; nothing tells when a lease is given back.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Times, ids and timestamps that differ from run to run, made equal. */
export function settled(thread: string, jobId: number): string {
  return thread
    .replaceAll(`J-${jobId}`, 'J-7')
    .replaceAll(/\d\d:\d\d:\d\d/g, '00:00:00')
    .replaceAll(/ \(edited \d+×\)/g, '');
}
