// Host names of a test's own that lead to 127.0.0.1 in this process, as a line in /etc/hosts would (which needs root).
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';

/** Makes `names` resolve to 127.0.0.1 for everything in this process; all others stay as they are. */
export function leadHere(...names: readonly string[]): void {
  const real = dns.lookup;
  const lookup = (...call: Parameters<typeof real>) => {
    const [name, ...rest] = call;
    return real(...([names.includes(name) ? '127.0.0.1' : name, ...rest] as typeof call));
  };
  Object.assign(dns, { lookup });
  syncBuiltinESMExports();
}
