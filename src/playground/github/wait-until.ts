// Waits on a condition that is looked at again whenever something changed; no polling, no sleeping.

type Truthy<T> = Exclude<T, undefined | null | false | 0 | ''>;

/** Resolves with the first true value of `check`. Throws after `timeoutMs`, with what `check` last threw as the cause. */
export function waitUntil<T>(
  check: () => T | Promise<T>,
  options: { onChange: (listener: () => void) => () => void; timeoutMs: number },
): Promise<Truthy<T>> {
  return new Promise((resolve, reject) => {
    let looking = false;
    let again = false;
    let lastError: unknown;
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      stopListening();
      settle();
    };
    const look = async () => {
      again = true;
      if (looking) return;
      looking = true;
      while (again) {
        again = false;
        try {
          const value = await check();
          // The condition said it is none of the false values.
          if (value) finish(() => resolve(value as Truthy<T>));
        } catch (error) {
          lastError = error;
        }
      }
      looking = false;
    };
    const stopListening = options.onChange(() => void look());
    const timer = setTimeout(() => {
      const message = `Nothing came true within ${options.timeoutMs} ms: ${check.toString().slice(0, 200)}`;
      finish(() => reject(new Error(message, { cause: lastError })));
    }, options.timeoutMs);
    void look();
  });
}
