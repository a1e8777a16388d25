// What will happen in a seed, all of it drawn before anything starts: who asks for what, and which faults come when.
// Pure: the same seed on the same kind of machine gives the same plan.
import { createRandom, type Random } from './random.ts';

/** Every way in which something breaks. */
export const FAULT_KINDS = [
  'kill-bot',
  'kill-runner',
  'kill-agent',
  'kill-sandbox-proxy',
  'kill-postgres',
  'kill-postgres-backend',
  'freeze-bot',
  'freeze-runner',
  'restart-bot',
  'restart-runner',
  'slack-cut',
  'slack-down',
  'slack-429',
  'slack-5xx',
  'slack-doubled',
  'slack-reordered',
  'slack-sockets-cut',
  'github-cut',
  'github-down',
  'github-5xx',
  'github-rate-limit',
  'push-by-hand',
  'merged-by-hand',
  'closed-by-hand',
  'disk-full',
  'clock-jump',
  'slack-garbled',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Something that the system is just doing: a fault may wait for it, so that it hits in the very middle. */
export const MOMENTS = ['push', 'open-pull', 'merge', 'card', 'work', 'result'] as const;
export type Moment = (typeof MOMENTS)[number];

export type PlannedFault = Readonly<{
  kind: FaultKind;
  atMs: number;
  /** Which of the two bots, runners, machines. */
  which: 0 | 1;
  /** How long it lasts, where it lasts. */
  forMs: number;
  /** Waits for this moment, but not for long. */
  moment?: Moment;
  /** A free number for whatever else there is to choose. */
  dice: number;
}>;

export type Decision = 'approve' | 'approve-twice' | 'approve-by-two' | 'reject' | 'stop';

/** What a person wants and does. */
export type Story = Readonly<{
  /** The person, and what the names of the story's files begin with. */
  name: string;
  atMs: number;
  way: 'do' | 'fix' | 'mention';
  /** How long the agent works in its first turn. */
  workS: number;
  /** Words said while the agent works. */
  steers: boolean;
  /** Turns asked for after the first result: by a reply or by *Request changes*. */
  followUps: readonly ('reply' | 'changes')[];
  decision: Decision;
  /** Somebody pushes to the branch in the moment of the approval. */
  pushesByHand: boolean;
}>;

export type Plan = Readonly<{
  seed: number;
  sandboxed: boolean;
  /** Others than the author plan the work and review it. */
  reviewed: boolean;
  faults: readonly PlannedFault[];
  stories: readonly Story[];
}>;

/** Faults start within this time, while the people of the seed are at work. */
const FAULTS_WITHIN_MS = 8_000;
/** Whoever asks, asks by then. */
const STORIES_WITHIN_MS = 4_000;
/** Twice the heartbeat of the queue (src/store/queue.ts): by then somebody else has the work. */
const FREEZE_MS = 21_000;
const FROM_THE_DECK = 5;
const STORIES = 4;
/** Faults of processes that may wait for a moment. */
const WAITING: readonly FaultKind[] = ['kill-bot', 'kill-runner', 'kill-postgres', 'restart-runner'];

/** `sandbox`: whether this machine can hold agents in. Every third seed then does. */
export function planSeed(seed: number, machine: { sandbox: boolean }): Plan {
  const random = createRandom(seed);
  const sandboxed = machine.sandbox && seed % 3 === 0;
  const kinds = chooseKinds(random, { seed, sandboxed });
  const faults = kinds
    .filter((kind) => kind !== 'push-by-hand')
    .map((kind) => planFault(random, kind))
    .concat(planLaterKinds(seed))
    .sort((a, b) => a.atMs - b.atMs);
  const pusher = kinds.includes('push-by-hand') ? random.int(0, STORIES - 1) : -1;
  const stories = Array.from({ length: STORIES }, (_, index) => planStory(random, index, index === pusher));
  return { seed, sandboxed, reviewed: seed % 7 < 2, faults, stories };
}

/** They last so long that only their turn in the deck brings them, and luck never. */
const LONG: readonly FaultKind[] = ['freeze-bot', 'freeze-runner'];

/** What came to the suite after its first seeds: in no deck, or every seed would be another. */
const LATER_TURNS: Readonly<Record<number, FaultKind>> = {
  0: 'slack-garbled',
  1: 'merged-by-hand',
  3: 'closed-by-hand',
};
const LATER_KINDS = Object.values(LATER_TURNS);
const LATER_EVERY = 5;
const LATER_LUCK = 1_000_000;

/** Neighbouring seeds take turns through all kinds, so that a handful of seeds meets each; luck adds the rest. */
function chooseKinds(random: Random, about: { seed: number; sandboxed: boolean }): FaultKind[] {
  const deck = FAULT_KINDS.filter((kind) => kind !== 'kill-sandbox-proxy' && !LATER_KINDS.includes(kind));
  const dealt = Array.from(
    { length: FROM_THE_DECK },
    (_, index) => deck[(about.seed * FROM_THE_DECK + index) % deck.length] ?? 'kill-runner',
  );
  const short = deck.filter((kind) => !LONG.includes(kind));
  const lucky = Array.from({ length: random.int(1, 3) }, () => random.pick(short));
  return [...dealt, ...lucky, ...(about.sandboxed ? (['kill-sandbox-proxy'] as const) : [])];
}

/** One of five neighbouring seeds each; with luck of their own, so that all else of a seed stays as it was. */
function planLaterKinds(seed: number): PlannedFault[] {
  const kind = LATER_TURNS[seed % LATER_EVERY];
  return kind === undefined ? [] : [planFault(createRandom(seed + LATER_LUCK), kind)];
}

function planFault(random: Random, kind: FaultKind): PlannedFault {
  const frozen = LONG.includes(kind);
  const waits = WAITING.includes(kind) && random.chance(60);
  const planned = {
    kind,
    // What lasts long begins early, or the seed would last as long.
    atMs: random.int(1_000, frozen ? 3_000 : FAULTS_WITHIN_MS),
    which: random.pick([0, 1] as const),
    forMs: frozen ? FREEZE_MS : random.int(300, 3_000),
    dice: random.int(0, 1_000_000),
  };
  return waits ? { ...planned, moment: random.pick(MOMENTS) } : planned;
}

function planStory(random: Random, index: number, pushesByHand: boolean): Story {
  const decisions = ['approve', 'approve', 'approve-twice', 'approve-by-two', 'reject', 'stop'] as const;
  const decision = pushesByHand ? 'approve' : random.pick(decisions);
  return {
    name: `p${index + 1}`,
    atMs: index === 0 ? 0 : random.int(0, STORIES_WITHIN_MS),
    way: random.pick(['do', 'do', 'fix', 'mention']),
    workS: decision === 'stop' ? 6 : random.int(0, 3),
    steers: random.chance(50),
    followUps: Array.from({ length: random.pick([0, 0, 1]) }, () =>
      random.pick(['reply', 'changes'] as const),
    ),
    decision,
    pushesByHand,
  };
}

/** One line a thing, for people who must understand a failure. */
export function tellPlan({ seed, sandboxed, reviewed, faults, stories }: Plan): string {
  const told = faults.map(
    ({ kind, atMs, which, forMs, moment }) =>
      `  ${String(atMs).padStart(6)} ms  ${kind} (${which}, ${forMs} ms${moment ? `, waits for: ${moment}` : ''})`,
  );
  const people = stories.map(
    (story) =>
      `  ${String(story.atMs).padStart(6)} ms  ${story.name}: ${story.way}, ${story.workS} s of work${story.steers ? ', steers' : ''}${story.followUps.map((how) => `, then ${how}`).join('')}, ${story.decision}${story.pushesByHand ? ' while somebody pushes' : ''}`,
  );
  const head = `seed ${seed}, sandbox ${sandboxed ? 'on' : 'off'}, plan and review ${reviewed ? 'on' : 'off'}`;
  return [head, 'people:', ...people, 'faults:', ...told].join('\n');
}
