// What must run beside a repository's checks, a database say: named commands that start and stop it. Pure.
import { z } from 'zod';

const MOST_SERVICES = 10;
const command = z.string().trim().min(1).max(4_000);

const service = z.strictObject({
  /** Brings it up and returns, such as `redis-server --daemonize yes` or `node server.js &`. */
  start: command,
  /** Asked again and again until it ends with 0; without it the service is up when `start` is through. */
  ready: command.optional(),
  /** Without it the service ends with the check: everything in its sandbox does. */
  stop: command.optional(),
});

/** Name → commands, in the order in which they start; they stop the other way round. */
export const serviceSettings = z
  .record(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/i, 'a short name such as database'), service)
  .refine((services) => Object.keys(services).length <= MOST_SERVICES, `at most ${MOST_SERVICES} services`);

export type ServiceSettings = Readonly<z.infer<typeof serviceSettings>>;
export type Service = Readonly<z.infer<typeof service>> & Readonly<{ name: string }>;
