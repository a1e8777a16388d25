// The two ways a terminal or an orchestrator asks a process to stop, and how long it may take over it.
import type { Log } from '../log.ts';

const SIGNALS = [
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const;

/** Orchestrators kill after 30 s; whatever is not finished by then is found again by the next start. */
const STOP_LIMIT_MS = 28_000;

/** What a process that did not finish in time, or could not let go of something, ends with. */
export const UNFINISHED = 1;

export type StopRequest = Readonly<{
  /** Resolves with the name of the first signal. */
  asked: Promise<string>;
  isAsked(): boolean;
}>;

/**
 * Listens for signals. The first asks for an orderly end, which gets 28 s from that moment on, also while everything is
 * still starting; a second one ends the process at once. The listeners stay: libraries below (signal-exit) kill the
 * process themselves as soon as nobody else listens for a signal, and everything that was started would be left behind.
 */
export function listenForStop(log?: Log): StopRequest {
  const { promise: asked, resolve } = Promise.withResolvers<string>();
  let isAsked = false;
  for (const [name, code] of SIGNALS) {
    process.on(name, () => {
      if (isAsked) process.exit(code);
      isAsked = true;
      log?.info({ name }, 'errand.stopping');
      const timer = setTimeout(() => {
        log?.error('errand.stop.too_slow');
        process.exit(UNFINISHED);
      }, STOP_LIMIT_MS);
      // A process that has nothing left to do ends by itself.
      timer.unref();
      resolve(name);
    });
  }
  return { asked, isAsked: () => isAsked };
}

/** For a command that is broken off: lets go of what it holds, then ends. A second signal ends it at once. */
export function letGoOnSignal(letGo: () => Promise<void>): void {
  let isAsked = false;
  for (const [name, code] of SIGNALS) {
    process.on(name, () => {
      if (isAsked) process.exit(code);
      isAsked = true;
      void letGo().finally(() => process.exit(code));
    });
  }
}
