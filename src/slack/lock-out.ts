// While Slack refuses the bot itself (a revoked token, a disabled account) there is no use in asking for every job: one look
// a minute, a loud line in the log, and a reason for operators. It ends as soon as Slack takes something.
import type { Log } from '../log.ts';
import { LOCKED_OUT_PAUSE_MS } from './slack-errors.ts';

export type LockOut = ReturnType<typeof createLockOut>;

export function createLockOut({ log, now }: { log: Log; now: () => Date }) {
  let reason: string | undefined;
  let untilMs = 0;
  return {
    /** What came of the last look: Slack's code where it refused the bot. */
    note(code: string | undefined): void {
      if (code !== undefined) {
        untilMs = now().getTime() + LOCKED_OUT_PAUSE_MS;
        log.error({ code }, 'slack.locked_out');
      } else if (reason !== undefined) {
        log.info('slack.let_in_again');
      }
      reason = code;
    },
    /** How long to leave Slack alone. */
    restMs: () => (reason === undefined ? 0 : untilMs - now().getTime()),
    say: () =>
      reason === undefined
        ? undefined
        : `Slack refuses the bot (${reason}). Install the app again, put its token into SLACK_BOT_TOKEN and start again.`,
  };
}
