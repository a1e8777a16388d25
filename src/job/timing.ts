// How long things may take, each number with its reason. Pure constants; nothing here reads a clock.

/** After a cancel through ACP an agent has this long to end its turn before its process group is killed. */
export const CANCEL_GRACE_MS = 5_000;
/** How long an agent may take to answer `initialize` and open a session: 1 to 5 s on a quiet machine, 18 on a full one. */
export const AGENT_START_LIMIT_MS = 120_000;
/** Cards are edited at most this often; Slack's tier 3 allows about 50 edits a minute in a whole workspace. */
export const CARD_INTERVAL_MS = 3_000;
/** A repository picker that nobody answers. A response_url lives 30 minutes, so the goodbye can still be said. */
export const CHOICE_LIFETIME_MS = 10 * 60_000;
/** How often a merge that GitHub is still busy with is asked for again. */
export const MERGE_POLL_MS = 5_000;
/** Agents' homes are kept this long after the last turn, so that sessions can be resumed. */
export const HOME_LIFETIME_MS = 7 * 24 * 60 * 60_000;
/** Pulls of old jobs are looked at more and more rarely, but never less often than this. */
export const LOOK_AT_LEAST_EVERY_MS = 30 * 60_000;
/** A pull that was closed on GitHub and not reopened for this long counts as rejected. */
export const CLOSED_LIFETIME_MS = 7 * 24 * 60 * 60_000;
/** Right after a push GitHub may still answer with the head before it. */
export const PUSH_SETTLES_MS = 60_000;
/** A merge queue is asked after this often at the most; the longer it takes, the more rarely. */
export const QUEUE_POLL_MOST_MS = 60_000;
/** Handled requests are kept this long: they hold people's words, and Slack repeats none after an hour (FACTS §1.1). */
export const INBOX_LIFETIME_MS = 7 * 24 * 60 * 60_000;
/** Comments under a pull that come one after the other are one turn: as long as each comes within this time of the last. */
export const REMARKS_QUIET_MS = 30_000;
/** Checks that still run beside a red one are waited for this long. */
export const CHECKS_PATIENCE_MS = 30 * 60_000;
/** Right after a push a commit has no checks yet; for this long some are expected. */
export const CHECKS_EXPECTED_MS = 10 * 60_000;
/** An open pull's comments and checks are read at least this often, also where nothing says that they are new. */
export const READ_PULL_EVERY_MS = 5 * 60_000;
