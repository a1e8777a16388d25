// Draws the homes that people opened: at once for whoever waits, with every change for whoever may still look, in Slack's
// limits. One loop a bot; a lease keeps two bots from drawing the same home, a hash from drawing what stands there already.
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { toError } from '../errors.ts';
import {
  type DueHome,
  forgetHome,
  forgetOldHomes,
  noteAtHome,
  releaseHome,
  renewHome,
  takeDueHomes,
} from '../store/homes.ts';
import { loadRests, noteRest } from '../store/rests.ts';
import { wordsSchema } from './answer.ts';
import { slackErrorCode } from './call-errors.ts';
import type { Desk } from './desk.ts';
import { readHomeBoard } from './home-board.ts';
import { buildClosedHome, buildHome } from './home-view.ts';
import { pauseMs, readSlackTrouble } from './slack-errors.ts';

export type Homes = Readonly<{
  /** Somebody waits for theirs. */
  wake(): void;
  /** A press at home did what it should: the last answer that stands there is old, and the board is another. */
  pressed(person: string): Promise<void>;
  start(): void;
  /** Finishes what is in hand, or leaves it to the next bot where Slack is slow. */
  stop(): Promise<void>;
}>;

type Means = Omit<Desk, 'homes'>;

/** Slack takes about 100 views a minute of a whole workspace (tier 4); half of that is ours at the most. */
const PACE = {
  everyMs: 5_000,
  apartMs: 1_200,
  sweepMs: 5 * 60_000,
  keptMs: 7 * 24 * 60 * 60_000,
  noticeMs: 10 * 60_000,
} as const;

const LEASE_MS = 60_000;
const BATCH = 4;
/** News come by notification; this is for those that were lost. */
const POLL_MS = 1_000;
/** A running agent makes news several times a second: nobody reads as fast. */
const LULL_MS = 500;
/** After trouble that says nothing of how long it lasts. */
const TROUBLE_PAUSE_MS = 15_000;
const STOP_MS = 8_000;
const FORGET_EVERY_MS = 60 * 60_000;

/** What rests after an HTTP 429. */
const LIMITED = 'views.publish';

/** Slack's words for people who are no longer there to look at anything. */
const GONE = new Set(['user_not_found', 'user_not_visible', 'user_disabled', 'not_enabled']);

/** `everyMs`: how far apart two redraws for one person are at the least, 5 s by default. */
export function createHomes(means: Means, options: { everyMs?: number | undefined } = {}): Homes {
  const { actions, log, identity } = means;
  const { sql } = actions.store.db;
  const pace = { ...PACE, ...(options.everyMs === undefined ? {} : scaled(options.everyMs)) };
  const holder = randomUUID();
  const abort = new AbortController();
  let running: Promise<void> | undefined;
  let tellNews = () => {};
  let tellWant = () => {};
  let unlisten = () => {};
  let forgotAtMs = Number.NEGATIVE_INFINITY;

  async function loop(): Promise<void> {
    while (!abort.signal.aborted) {
      const news = new Promise<void>((resolve) => {
        tellNews = resolve;
      });
      const want = new Promise<void>((resolve) => {
        tellWant = resolve;
      });
      if ((await round()) > 0) continue;
      await Promise.race([news, want, rest(POLL_MS)]);
      // Whoever waits is served at once; for mere changes there is time.
      await Promise.race([want, rest(LULL_MS)]);
    }
  }

  const rest = (ms: number) => sleep(ms, undefined, { signal: abort.signal }).catch(() => {});

  async function round(): Promise<number> {
    try {
      await forgetNowAndThen();
      if ((await loadRests(sql)).has(LIMITED)) return 0;
      const { teamId: team } = identity();
      const due = await takeDueHomes(sql, { ...pace, team, holder, leaseMs: LEASE_MS, limit: BATCH });
      for (const home of due) await draw(means, { team, holder }, home);
      return due.length;
    } catch (thrown) {
      log.warn({ err: toError(thrown) }, 'slack.homes.trouble');
      return 0;
    }
  }

  async function forgetNowAndThen(): Promise<void> {
    if (performance.now() - forgotAtMs < FORGET_EVERY_MS) return;
    forgotAtMs = performance.now();
    await forgetOldHomes(sql, pace.keptMs);
  }

  return {
    wake: () => tellWant(),
    async pressed(person) {
      await noteAtHome(sql, { team: identity().teamId, person });
      tellWant();
    },
    start() {
      unlisten = actions.store.changes.listen(() => tellNews());
      running ??= loop();
    },
    async stop() {
      abort.abort();
      unlisten();
      await Promise.race([running, sleep(STOP_MS, undefined, { ref: false })]);
    },
  };
}

function scaled(everyMs: number): { everyMs: number; apartMs: number } {
  return { everyMs, apartMs: (PACE.apartMs * everyMs) / PACE.everyMs };
}

/** Makes one home equal to the board. Throws only when the database fails. */
async function draw(
  means: Means,
  { team, holder }: Readonly<{ team: string; holder: string }>,
  home: DueHome,
): Promise<void> {
  const { actions, client, log } = means;
  const { sql } = actions.store.db;
  const { person } = home;
  const place = { team, person, holder };
  try {
    const blocks = await buildFor(means, home);
    const hash = createHash('sha256').update(JSON.stringify(blocks)).digest('hex').slice(0, 32);
    if (hash === home.shownHash) return await releaseHome(sql, place);
    if (!(await renewHome(sql, { ...place, leaseMs: LEASE_MS }))) return;
    await client.views.publish({ user_id: person, view: { type: 'home', blocks } });
    await releaseHome(sql, { ...place, hash });
  } catch (thrown) {
    const code = slackErrorCode(thrown);
    log.warn({ err: toError(thrown), person }, 'slack.home.trouble');
    if (code !== undefined && GONE.has(code)) return forgetHome(sql, place);
    const trouble = readSlackTrouble(thrown);
    const isLimit = trouble.kind === 'later' && trouble.isLimit === true;
    if (isLimit) await noteRest(sql, LIMITED, pauseMs(trouble));
    const pause = isLimit ? pauseMs(trouble) : Math.max(pauseMs(trouble), TROUBLE_PAUSE_MS);
    await releaseHome(sql, { ...place, pauseMs: pause });
  }
}

async function buildFor(means: Means, { person, notice }: DueHome) {
  const guest = await means.people.mayNotCommand(person);
  if (guest) return buildClosedHome(guest.refusal);
  return buildHome(await readHomeBoard(means, person), wordsSchema.safeParse(notice).data);
}
