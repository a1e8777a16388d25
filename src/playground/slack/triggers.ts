// Trigger ids: the short-lived right to open a modal for the person who just clicked.
import { randomBytes, randomInt } from 'node:crypto';
import { SlackFailure } from './failure.ts';

/** Slack gives an app 3 s to use a trigger. */
const TRIGGER_LIFE_MS = 3000;

type Trigger = {
  readonly userId: string;
  readonly viewId: string | undefined;
  readonly madeAt: Date;
  isUsed: boolean;
};

/** Creates the book of trigger ids. */
export function createTriggers(options: { now: () => Date }) {
  const triggers = new Map<string, Trigger>();
  return {
    /** `viewId` is the modal in which the person clicked, if it was one; only such a trigger may push. */
    issue(userId: string, viewId?: string): string {
      const id = `${randomInt(1e12)}.${randomInt(1e12)}.${randomBytes(16).toString('hex')}`;
      triggers.set(id, { userId, viewId, madeAt: options.now(), isUsed: false });
      return id;
    },
    /** Uses a trigger up. Throws `invalid_trigger_id`, `exchanged_trigger_id` or `expired_trigger_id`. */
    exchange(id: string): Readonly<{ userId: string; viewId: string | undefined }> {
      const trigger = triggers.get(id);
      if (!trigger) throw new SlackFailure('invalid_trigger_id');
      if (trigger.isUsed) throw new SlackFailure('exchanged_trigger_id');
      if (options.now().getTime() - trigger.madeAt.getTime() > TRIGGER_LIFE_MS) {
        throw new SlackFailure('expired_trigger_id');
      }
      trigger.isUsed = true;
      return trigger;
    },
  };
}

export type Triggers = ReturnType<typeof createTriggers>;
