// What people did and were told, and what broke: everything that the invariants are judged by besides what Slack, GitHub,
// the database and the machine show in the end.
import type { FaultKind } from './plan.ts';

/** A command or mention. `token` stands in its card and in nobody else's. */
export type Wish = {
  readonly token: string;
  readonly story: string;
  readonly user: string;
  readonly text: string;
  /** Accepted without a word to the contrary; refused; or Slack itself said that nobody answered. */
  outcome: 'accepted' | 'refused' | 'unknown';
};

/** Words that ask for a file, and what they were said for. */
export type Words = Readonly<{
  story: string;
  /** `J-12`. */
  job: string;
  file: string;
  text: string;
  /** The message, where the words stand in one. */
  ts: string | undefined;
  user: string;
}>;

/** A press of *Approve & merge*, with the SHA that the button showed; or of *Reject*. */
export type Press = Readonly<{ job: string; kind: 'approve' | 'reject'; sha: string; user: string }>;

export type Violation = Readonly<{ rule: string; say: string }>;

/** Among so many lines before it a line is not told again. */
const REPEATS_WITHIN = 8;

export type Journal = ReturnType<typeof createJournal>;

export function createJournal() {
  const faults = new Map<FaultKind, number>();
  const told: { at: string; what: string; times: number }[] = [];
  const tell = (what: string) => {
    // What is done again and again is told once.
    const same = told.slice(-REPEATS_WITHIN).find((one) => one.what === what);
    if (same) same.times += 1;
    else told.push({ at: elapsed(), what, times: 1 });
  };
  const journal = {
    /** When people and faults were let loose. */
    startedAt: Date.now(),
    wishes: [] as Wish[],
    words: [] as Words[],
    presses: [] as Press[],
    /** Commits that somebody pushed by hand. */
    handPushes: [] as { readonly branch: string; readonly sha: string }[],
    /** Pulls that somebody merged by hand. */
    handMerges: new Set<number>(),
    violations: [] as Violation[],
    faults,
    /** A fault that has really hit. */
    count(kind: FaultKind): void {
      faults.set(kind, (faults.get(kind) ?? 0) + 1);
      tell(`FAULT ${kind}`);
    },
    note: tell,
    /** Everything that happened so far, a line each, oldest first. */
    tell: (): readonly string[] =>
      told.map(({ at, what, times }) => `${at}  ${what}${times > 1 ? ` (${times} times)` : ''}`),
  };
  const elapsed = () => `${String(Date.now() - journal.startedAt).padStart(6)} ms`;
  return journal;
}
