// Tells whoever waits that something in the workspace changed. Nothing here polls.

export type WaitOptions = Readonly<{ timeoutMs?: number }>;

const DEFAULT_TIMEOUT_MS = 10_000;

/** `describe` is called when somebody waited in vain, so that the failure shows what was there instead. */
export function createChanges(options: { describe: () => string }) {
  const listeners = new Set<() => void>();

  return {
    /** Called after every change of state. */
    changed(): void {
      for (const listener of [...listeners]) listener();
    },
    /** Calls `listener` on every change until the returned function is called. */
    onChange(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /**
     * Resolves with the first truthy value that `what` gives, asked now and again on every change. A check that
     * throws counts as "not yet". Rejects after `timeoutMs` (default 10 s) with the threads printed.
     */
    waitFor<T>(
      what: (() => T) | Readonly<{ description: string; check: () => T }>,
      wait: WaitOptions = {},
    ): Promise<NonNullable<T>> {
      const { description, check } =
        typeof what === 'function' ? { description: what.toString(), check: what } : what;
      const timeoutMs = wait.timeoutMs ?? DEFAULT_TIMEOUT_MS;
      let lastError: unknown;
      const tryNow = (): NonNullable<T> | undefined => {
        try {
          return check() || undefined;
        } catch (error) {
          lastError = error;
          return undefined;
        }
      };
      return new Promise((resolve, reject) => {
        const look = () => {
          const value = tryNow();
          if (value === undefined) return;
          stop();
          resolve(value);
        };
        const giveUp = () => {
          stop();
          const reason = lastError === undefined ? '' : `\nThe check last threw: ${String(lastError)}`;
          reject(new Error(`Waited ${timeoutMs} ms for: ${description}${reason}\n\n${options.describe()}`));
        };
        const timer = setTimeout(giveUp, timeoutMs);
        const stop = () => {
          clearTimeout(timer);
          listeners.delete(look);
        };
        listeners.add(look);
        look();
      });
    },
  };
}

export type Changes = ReturnType<typeof createChanges>;
