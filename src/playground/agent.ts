// The demo's agent: a real ACP agent process, but a script and no model. It finds a failing test by running it, knows a
// handful of tiny repairs, edits real files, runs the tests again and listens to people meanwhile.
// Run as `node agent.ts`; DEMO_PACE_MS (default 300) is its pause between steps, so that a watcher can follow.
// This file only starts it, keeping what was compiled: agents come and go, and the next one starts in half the time.
import { enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/errand', import.meta.url)));
await import('./agent/process.ts');
// At once: an agent that is killed would keep nothing.
flushCompileCache();
