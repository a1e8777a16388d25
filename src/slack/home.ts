// Somebody opens the app's home: noted, so that it is drawn now and with every change while they may still look at it.
import { openHome } from '../store/homes.ts';
import type { Desk } from './desk.ts';
import { homeSchema } from './payloads.ts';

export async function hearHome(desk: Desk, event: unknown): Promise<void> {
  const { user, tab } = homeSchema.parse(event);
  if (tab !== undefined && tab !== 'home') return;
  await openHome(desk.actions.store.db.sql, { team: desk.identity().teamId, person: user });
  desk.homes.wake();
}
