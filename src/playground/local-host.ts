// Who may talk to the local Slack and GitHub: programs on this machine, by its own names. A website can have its name lead
// here (DNS rebinding) and would then read whatever needs no token; its requests carry its name.
import type { IncomingMessage } from 'node:http';

/** False where the request was meant for another name than this machine's own, whatever the port. */
export function isMeantForUs({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/i.test(headers.host ?? '');
}
