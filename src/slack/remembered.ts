// A small bounded memory for what Slack was just asked: entries age and the oldest give way. Holds no truth.

export type Remembered<Value> = Readonly<{
  /** What is known of `key`, or what `ask` answers now. Many who ask at once share one answer; failures are forgotten. */
  get(key: string, ask: () => Promise<Value>): Promise<Value>;
  /** The next `get` asks anew. */
  forget(key: string): void;
}>;

/** Keeps at most `limit` entries, each for `lifetimeMs`. */
export function createRemembered<Value>(options: {
  limit: number;
  lifetimeMs: number;
  now: () => Date;
}): Remembered<Value> {
  const entries = new Map<string, { value: Promise<Value>; until: number }>();

  function remember(key: string, value: Promise<Value>): void {
    const entry = { value, until: options.now().getTime() + options.lifetimeMs };
    entries.delete(key);
    entries.set(key, entry);
    value.catch(() => {
      if (entries.get(key) === entry) entries.delete(key);
    });
    // A Map iterates in the order of insertion, so the first key is the oldest.
    const oldest = entries.size > options.limit ? entries.keys().next().value : undefined;
    if (oldest !== undefined) entries.delete(oldest);
  }

  return {
    forget: (key) => void entries.delete(key),
    get(key, ask) {
      const entry = entries.get(key);
      if (entry !== undefined && entry.until > options.now().getTime()) return entry.value;
      const value = ask();
      remember(key, value);
      return value;
    },
  };
}
