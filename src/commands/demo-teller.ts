// Tells the demo's story in the terminal: for people as a thread with timings, for programs as one JSON object a line.
import type { DemoJob } from './demo.ts';

type Verdict = Readonly<{ ok: boolean; jobs: readonly DemoJob[]; tookMs: number; why?: string }>;

export type Teller = Readonly<{
  intro(agent: string | undefined): void;
  step(name: string, more?: Readonly<Record<string, unknown>>): void;
  thread(rendered: string): void;
  verdict(verdict: Verdict): void;
}>;

export function createTeller(options: { json: boolean }): Teller {
  return options.json ? createJsonTeller() : createPeopleTeller();
}

function createJsonTeller(): Teller {
  const began = Date.now();
  const line = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`);
  return {
    intro: (agent) => line({ step: 'started', agent: agent ?? 'scripted', atMs: 0 }),
    step: (name, more = {}) => line({ step: name, ...more, atMs: Date.now() - began }),
    thread: () => {},
    verdict: ({ ok, jobs, why }) => line({ demo: ok ? 'ok' : 'failed', jobs, ...(why ? { why } : {}) }),
  };
}

const WORDS: Readonly<Record<string, string>> = {
  typed: 'Ann types',
  acknowledged: 'Slack has its acknowledgement',
  card: 'The card is in the channel',
  replied: 'Ann replies in the thread',
  reply_stored: 'The reply is stored (eyes on it)',
  result: 'The result asks for a decision',
  approved: 'Ann presses Approve & merge',
  rejected: 'Ann presses Reject',
  settled: 'GitHub has done it',
  merged_tree_tested: 'The merged branch is checked out and tested',
};

function createPeopleTeller(): Teller {
  const began = Date.now();
  const say = (text: string) => process.stdout.write(`${text}\n`);
  return {
    intro(agent) {
      say(
        'Errand, the whole story on this machine: real bot, real git, real Postgres, a local Slack and GitHub.',
      );
      say(
        agent
          ? `The agent is your own: ${agent}.\n`
          : 'The agent is a script, not a model, and runs without a sandbox; set ERRAND_AGENT to use your own.\n',
      );
    },
    step(name, more = {}) {
      const at = ((Date.now() - began) / 1000).toFixed(1).padStart(5);
      const details = Object.entries(more).flatMap(([key, value]) =>
        key === 'by' ? [] : [`${key} ${value}`],
      );
      say(`${at} s  ${WORDS[name] ?? name}${details.length > 0 ? ` (${details.join(', ')})` : ''}`);
    },
    thread: (rendered) => say(`\n${rendered}`),
    verdict({ ok, tookMs, why }) {
      const seconds = (tookMs / 1000).toFixed(1);
      if (ok) say(`\nDemo ok in ${seconds} s: the merged branch passes its own test.`);
      else
        say(`\nDemo failed after ${seconds} s. ${why ?? 'The merged head is not the one that was shown.'}`);
    },
  };
}
