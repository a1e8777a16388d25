// How long one of Slack's calls may take for which somebody waits. What lasts longer than such calls is derived from here.

/** Slack's answers take well under a second; people wait for ours. */
export const CALL_TIMEOUT_MS = 10_000;

/** Two quick retries, then a sentence. */
export const CALL_RETRIES = { retries: 2, minTimeout: 200, maxTimeout: 1_000 } as const;

/** The longest that one call can take, with its retries; a limit of Slack's ends it at once. */
export const CALL_MOST_MS =
  (CALL_RETRIES.retries + 1) * CALL_TIMEOUT_MS + CALL_RETRIES.retries * CALL_RETRIES.maxTimeout;
