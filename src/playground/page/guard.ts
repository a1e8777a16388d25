// Who may talk to the page: nobody but this machine's own browser at this very address. Other sites may know the port and
// may have their name point here (DNS rebinding), so the Host is checked, and whatever changes something must come from us.
import type { MiddlewareHandler } from 'hono';

/** Nothing from elsewhere, nothing inline: hostile text in a message stays text even where we forgot to escape it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/** Answers 403 to foreign Hosts, and to anything but GET that does not come from the page itself. `port` is known late. */
export function createGuard(port: () => number): MiddlewareHandler {
  return async (context, next) => {
    const hosts = [`127.0.0.1:${port()}`, `localhost:${port()}`];
    const host = context.req.header('host') ?? '';
    if (!hosts.includes(host)) return context.text('The playground answers only at its own address.', 403);
    const isReading = context.req.method === 'GET' || context.req.method === 'HEAD';
    if (!isReading && context.req.header('origin') !== `http://${host}`)
      return context.text('Only the playground page itself may do that.', 403);
    await next();
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
    return undefined;
  };
}
