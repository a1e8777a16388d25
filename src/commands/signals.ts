// The two ways a terminal or an orchestrator asks a process to stop.

const SIGNALS = [
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const;

/**
 * Resolves with the name of the first signal that asks to stop; a second one ends the process at once. The listeners
 * stay: libraries below (signal-exit) kill the process themselves as soon as nobody else listens for a signal, and
 * everything that was started would be left behind.
 */
export function untilAskedToStop(): Promise<string> {
  return new Promise((resolve) => {
    let asked = false;
    for (const [name, code] of SIGNALS) {
      process.on(name, () => {
        if (asked) process.exit(code);
        asked = true;
        resolve(name);
      });
    }
  });
}
