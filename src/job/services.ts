// What must run beside a repository's checks, a database say: named commands that start and stop it. Pure.
import { z } from 'zod';

const MOST_SERVICES = 10;
const command = z.string().trim().min(1).max(4_000);

const service = z.strictObject({
  /** Brings it up. Without `ready` it returns once that is done (`pg_ctl start --wait`); with it, it may stay. */
  start: command,
  /** Run again and again until it ends with 0. */
  ready: command.optional(),
  /** Without it the service ends with the check: everything in its sandbox does. */
  stop: command.optional(),
});

/** Name → commands, in the order in which they start; they stop the other way round. */
export const serviceSettings = z
  .record(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/i, 'a short name such as database'), service)
  .refine((services) => Object.keys(services).length <= MOST_SERVICES, `at most ${MOST_SERVICES} services`);

export type ServiceSettings = Readonly<z.infer<typeof serviceSettings>>;

/**
 * Runs a command beside its services: `argv` for a shell. What people wrote is an argument of the script and never part of
 * it. A service that does not start, or is not ready within a minute, ends it with 1 and says so; whatever happens, those
 * that were started are stopped, the last one first.
 */
export function besideServices(
  options: Readonly<{ tree: string; command: string; services: ServiceSettings }>,
): readonly string[] {
  const { tree, command } = options;
  const services = Object.entries(options.services);
  const starts = services.flatMap(([name, { start, ready = '' }]) => [name, start, ready]);
  const stops = services.toReversed().flatMap(([, { stop }]) => (stop === undefined ? [] : [stop]));
  return ['/bin/sh', '-c', SCRIPT, 'sh', tree, command, String(services.length), ...starts, ...stops];
}

/** Arguments: tree, command, number of services, for each its name, start and ready, then what stops them. */
const SCRIPT = `cd "$1" || exit 1
command=$2 left=$3 code= pids=
shift 3
exec 1>&2
while [ "$left" -gt 0 ]; do
  name=$1 start=$2 ready=$3 left=$((left - 1)) tries=0
  shift 3
  [ -z "$code" ] || continue
  if [ -z "$ready" ]; then
    /bin/sh -c "$start" || { echo "The service $name did not start (exit code $?)."; code=1; }
    continue
  fi
  /bin/sh -c "$start" &
  pid=$! pids="$pids $!"
  until /bin/sh -c "$ready" >/dev/null 2>&1; do
    if [ -n "$pid" ] && ! kill -0 "$pid" 2>/dev/null; then
      wait "$pid" || { echo "The service $name did not start (exit code $?)."; code=1; break; }
      pid=
    fi
    tries=$((tries + 1))
    [ "$tries" -lt 120 ] || { echo "The service $name was not ready within a minute."; code=1; break; }
    sleep 0.5
  done
done
[ -n "$code" ] || { /bin/sh -c "$command"; code=$?; }
for stop in "$@"; do /bin/sh -c "$stop" >/dev/null 2>&1 || echo "What stops a service failed: $stop"; done
[ -z "$pids" ] || kill $pids 2>/dev/null
exit "$code"
`;
