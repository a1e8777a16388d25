// What the pages ask of Slack about the people who look at them: who they are, what they may read, what they may do.
import type { Standpoint } from '../actions/act.ts';
import type { Refusal } from '../errors.ts';
import type { Job } from '../job/job.ts';
import type { Ask, Standing } from '../job/permissions.ts';
import type { Desk } from './desk.ts';
import { proposeLesson } from './remember.ts';

/** Whoever left the workspace sees pages no longer than this. */
const STANDING_AGE_MS = 60_000;

/** All of it throws TransientError where Slack does not answer. */
export type Viewers = Readonly<{
  /** The workspace that the bot belongs to. */
  teamId(): string;
  /** Undefined where Slack does not tell. */
  nameOf(person: string): Promise<string | undefined>;
  /** `team` is the workspace that they signed in with. */
  standingOf(person: string, team: string): Promise<Standing>;
  /** Whether they can read what is said in the channel; what Slack does not tell counts as no. */
  maySee(person: string, channel: string): Promise<boolean>;
  /** Judged as a press in Slack is, and noted where it is refused. */
  may(
    ask: Ask,
    who: Readonly<{ person: string; team: string; jobId: number }>,
  ): Promise<Readonly<{ job: Job; from: Standpoint }> | Refusal>;
  /** Whether to offer it. */
  wouldMay(ask: Ask, who: Readonly<{ person: string; team: string; job: Job }>): Promise<boolean>;
  /** Has it written down what the job taught, as *Remember this* does: the job for that, new or not. */
  remember(job: Job, person: string): Promise<Job | Refusal>;
}>;

export function createViewers(
  desk: Pick<Desk, 'actions' | 'lookups' | 'people' | 'places' | 'rights' | 'identity'>,
): Viewers {
  const { people, places, rights, identity } = desk;
  return {
    teamId: () => identity().teamId,
    nameOf: (person) => people.nameOf(person),
    standingOf: (id, team) =>
      people.standingOf({ id, team }, { mostAgeMs: STANDING_AGE_MS, mustBeTold: true }),
    async maySee(person, channel) {
      return (await places.isPublic(channel)) || places.isKnownMember(channel, person);
    },
    async may(ask, { person: id, team, jobId }) {
      // Slack itself takes no press from whoever was deactivated; a browser does.
      await people.standingOf({ id, team }, { fresh: true });
      return rights.forJob(ask, { speaker: { id, team }, jobId });
    },
    wouldMay: (ask, { person: id, team, job }) =>
      rights.wouldMay(ask, { speaker: { id, team }, job, isGlance: true }),
    async remember(job, person) {
      const begun = await proposeLesson(desk, { job, person });
      if (begun.kind === 'which_repo') throw new Error('A lesson names its repository.');
      return begun.kind === 'refused' ? begun.refusal : begun.job;
    },
  };
}
