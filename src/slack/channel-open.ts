// A channel lets the bot in (again): whatever waits to be shown there is shown now.
import { z } from 'zod';
import { reopenChannel } from '../store/messages.ts';
import type { Desk } from './desk.ts';

/** `member_joined_channel` names a channel by its id, and so do the two events of unarchiving. */
const openedSchema = z.object({ channel: z.string() });

export async function hearOpened(desk: Desk, event: unknown): Promise<void> {
  await noteOpen(desk, openedSchema.parse(event).channel);
}

/** Call it also when somebody speaks to the bot in a channel: it must be in there. */
export async function noteOpen(
  { actions, log }: Pick<Desk, 'actions' | 'log'>,
  channel: string,
): Promise<void> {
  const jobs = await reopenChannel(actions.store.db.sql, channel);
  if (jobs > 0) log.info({ channel, jobs }, 'slack.channel.open_again');
}
