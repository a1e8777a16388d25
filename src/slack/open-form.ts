// Opens a form for whoever just clicked. Slack allows 3 s for it, once (FACTS §1.5).
import type { View } from '@slack/web-api';
import { slackErrorCode } from './call-errors.ts';
import type { Desk } from './desk.ts';

/** Slack's words for a right that has run out. */
const TOO_LATE = new Set(['expired_trigger_id', 'trigger_expired']);

/** False when it is too late. A form that an earlier delivery of the same click has opened is open. */
export async function openForm(
  { client }: Pick<Desk, 'client'>,
  triggerId: string,
  view: View,
): Promise<boolean> {
  try {
    await client.views.open({ trigger_id: triggerId, view });
    return true;
  } catch (thrown) {
    const code = slackErrorCode(thrown);
    if (code === 'exchanged_trigger_id') return true;
    if (code !== undefined && TOO_LATE.has(code)) return false;
    throw thrown;
  }
}
