// May this person do that? Gathers what the rule needs to know of people, groups, channel, repository and GitHub account,
// judges, and notes every refusal. The action judges once more under its lock, the runner before anything takes effect.
import { judge, noSuchJob, type Standpoint } from '../actions/act.ts';
import { mayNot } from '../actions/may.ts';
import { type Refusal, toError } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { type Ask, NO_RULES, namedGroups, type Target } from '../job/permissions.ts';
import type { Repo } from '../job/repo.ts';
import { appendNote } from '../store/events.ts';
import { loadJob } from '../store/jobs.ts';
import { loadLink } from '../store/people.ts';
import type { Desk } from './desk.ts';
import type { Groups } from './groups.ts';
import type { Speaker } from './people.ts';
import { type RulesPlace, readRules } from './repository-rules.ts';

/** Rules that let somebody in may be this old; before a refusal or a decision they are read anew. */
const RULES_REMEMBERED_MS = 15_000;
/** What is only shown may be behind by this much: whoever presses is judged anew. */
const SHOWN_RULES_MS = 5 * 60_000;

type Means = Pick<Desk, 'actions' | 'lookups' | 'people' | 'places' | 'identity' | 'log'> &
  Readonly<{ groups: Groups }>;

/** `channel` is where the person said or pressed it; absent for forms, which do not say. */
type Who = Readonly<{ speaker: Speaker; channel?: string | undefined }>;
type Gathering = Who &
  Readonly<{
    ask: Ask;
    target: Target;
    place?: RulesPlace;
    fresh: boolean;
    /** To an agent, just now: runners let words through by what is learnt here, and need not have somebody look again. */
    speaks?: boolean;
    /** Only to know which buttons to show: GitHub is spared. */
    isGlance?: true;
  }>;

export type Rights = ReturnType<typeof createRights>;

export function createRights(means: Means) {
  const { actions, people, log, identity } = means;
  const { sql } = actions.store.db;

  /** For something about a job: the job as it stands and what was learnt of the person, or why not. */
  async function forJob(
    ask: Ask,
    who: Who & Readonly<{ jobId: number }>,
  ): Promise<Readonly<{ job: Job; from: Standpoint }> | Refusal> {
    const job = await loadJob(sql, who.jobId);
    if (job === undefined || job.team !== identity().teamId) return noSuchJob(who.jobId);
    const by = who.speaker.id;
    const decides = ask === 'approve' || ask === 'reject';
    const gathering = { ...who, ask, target: job, place: job, ...(ask === 'steer' ? { speaks: true } : {}) };
    let from = await gather(means, { ...gathering, fresh: decides });
    let refusal = judge(actions, job, { ask, by, from });
    if (refusal && !decides && from.asker.standing === 'member') {
      from = await gather(means, { ...gathering, fresh: true });
      refusal = judge(actions, job, { ask, by, from });
    }
    if (refusal === undefined) return { job, from };
    await note(job, { ask, by, code: refusal.code });
    // What was asked in a private conversation is nobody else's business.
    const hidden = refusal.code === 'outside_channel' && !(await means.places.isPublic(job.channel));
    return hidden ? noSuchJob(job.id) : refusal;
  }

  /** Whether to offer it: nobody asked yet, so nothing is noted, and what is remembered will do. */
  async function wouldMay(
    ask: Ask,
    { speaker, job, isGlance }: Who & Readonly<{ job: Job; isGlance?: true }>,
  ): Promise<boolean> {
    const asked = { speaker, ask, target: job, place: job, fresh: false };
    const from = await gather(means, isGlance ? { ...asked, isGlance } : asked);
    return judge(actions, job, { ask, by: speaker.id, from }) === undefined;
  }

  /** Refused is part of the record, too. */
  async function note(job: Job, refused: { ask: Ask; by: string; code: string }): Promise<void> {
    log.info({ jobId: job.id, ...refused }, 'slack.refused');
    await appendNote(sql, job.id, { name: 'refused', ...refused });
  }

  /** For a new job in `repo`, asked for in `channel`. */
  async function forStart(
    who: Readonly<{ speaker: Speaker; channel: string; repo: Repo; base: string }>,
  ): Promise<Standpoint | Refusal> {
    const person = who.speaker.id;
    const target = { requester: person, channel: who.channel };
    const learn = (fresh: boolean) => gather(means, { ...who, ask: 'start', target, place: who, fresh });
    const decide = (from: Standpoint) =>
      mayNot({
        ...from,
        ask: 'start',
        person,
        target,
        deployment: actions.rules,
        matter: { repo: who.repo },
      });
    let from = await learn(false);
    if (from.asker.standing === 'member' && decide(from)) from = await learn(true);
    const refusal = decide(from);
    if (refusal === undefined) return from;
    log.info({ ask: 'start', by: person, code: refusal.code, repo: who.repo }, 'slack.refused');
    return refusal;
  }

  return {
    forJob,
    wouldMay,
    forStart,
    /** For what belongs to no job; a refusal or nothing. */
    async mayNot(ask: 'configure' | 'link', who: Who & Readonly<{ channel: string }>) {
      const person = who.speaker.id;
      const target = { requester: person, channel: who.channel };
      const from = await gather(means, { ...who, ask, target, fresh: false });
      const refusal = mayNot({ ...from, ask, person, target, deployment: actions.rules, matter: {} });
      if (refusal) log.info({ ask, by: person, code: refusal.code }, 'slack.refused');
      return refusal;
    },
    /** Of these people those whose words may reach an agent that works in `repo` for `channel`. */
    async heard(
      ids: readonly string[],
      where: Readonly<{ channel: string; repo: Repo; base: string }>,
    ): Promise<ReadonlySet<string>> {
      const heard = await Promise.all(
        [...new Set(ids)].map(async (id) => {
          const target = { requester: '', channel: where.channel };
          const who = { speaker: { id }, channel: where.channel };
          const from = await gather(means, { ...who, ask: 'steer', target, place: where, fresh: false });
          const deployment = actions.rules;
          return mayNot({ ...from, ask: 'steer', person: id, target, deployment, matter: where }) ? [] : [id];
        }),
      );
      return new Set(heard.flat());
    },
    /** Whose words may be shown to somebody else as a task: a full member's. */
    isMember: async (id: string) => (await people.standingOf({ id })) === 'member',
  };
}

async function gather(means: Means, asked: Gathering): Promise<Standpoint> {
  const { actions, people, places, lookups, log } = means;
  const { sql } = actions.store.db;
  const { speaker, target, channel, ask, fresh } = asked;
  const isDecision = ask === 'approve' || ask === 'reject';
  const standing = await people.standingOf(speaker, { fresh: asked.speaks ?? (fresh && isDecision) });
  // Whoever may nothing must not make us spend what GitHub lets us ask.
  if (standing !== 'member')
    return { asker: { standing, groups: [], inChannel: false }, repository: NO_RULES };
  const repository = asked.place
    ? await readRules({ sql, lookups, log }, asked.place, rulesAgeMs(asked))
    : NO_RULES;
  const [groups, inChannel, account] = await Promise.all([
    means.groups.of(speaker.id, namedGroups(actions.rules, repository), { fresh }),
    channel === target.channel || places.hasMember(target.channel, speaker.id),
    ask === 'approve' && asked.place ? readAccount(means, asked, asked.place.repo) : undefined,
  ]);
  return { asker: { standing, groups, inChannel, ...(account ? { account } : {}) }, repository };
}

function rulesAgeMs({ fresh, isGlance }: Gathering): number {
  if (fresh) return 0;
  return isGlance ? SHOWN_RULES_MS : RULES_REMEMBERED_MS;
}

/** The runner asks again before it merges, so a GitHub that does not answer does not stop anybody here. */
async function readAccount(
  { actions, lookups, identity, log }: Means,
  { speaker, isGlance }: Gathering,
  repo: Repo,
) {
  const link = await loadLink(actions.store.db.sql, { team: identity().teamId, person: speaker.id });
  if (link === undefined) return undefined;
  if (isGlance) return { login: link.login, mayWrite: undefined };
  const rights = await lookups.accountRights(repo, link).catch((thrown: unknown) => {
    log.warn({ err: toError(thrown), login: link.login }, 'slack.account.unknown');
    return { mayWrite: undefined };
  });
  return { login: link.login, ...rights };
}
