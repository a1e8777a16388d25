// What every page stands on: where the site is, whom it asks about people, who looks; and whether there are pages at all.
import type { ActionContext, Standpoint } from '../actions/act.ts';
import type { Refusal } from '../errors.ts';
import type { Job } from '../job/job.ts';
import type { Ask, Standing } from '../job/permissions.ts';
import type { Log } from '../log.ts';

/** What Slack knows of people. Every answer may throw TransientError. */
export type Viewers = Readonly<{
  teamId(): string;
  nameOf(person: string): Promise<string | undefined>;
  standingOf(person: string, team: string): Promise<Standing>;
  /** Whether they can read what is said in the channel. */
  maySee(person: string, channel: string): Promise<boolean>;
  /** Judged as a press in Slack is. */
  may(
    ask: Ask,
    who: Readonly<{ person: string; team: string; jobId: number }>,
  ): Promise<Readonly<{ job: Job; from: Standpoint }> | Refusal>;
  /** Whether to offer it. */
  wouldMay(ask: Ask, who: Readonly<{ person: string; team: string; job: Job }>): Promise<boolean>;
  /** Has it written down what the job taught: the job for that, new or not. */
  remember(job: Job, person: string): Promise<Job | Refusal>;
}>;

/** The app at Slack by which people sign in. */
export type SignInClient = Readonly<{
  /** Who answers for people's identity, e.g. `https://slack.com`. */
  issuer: string;
  clientId: string;
  clientSecret: string;
}>;

export type Site = Readonly<{
  /** Where people find it, without a slash at the end: `https://errand.example.com`. */
  publicUrl: string;
  client: SignInClient;
  viewers: Viewers;
  actions: ActionContext;
  log: Log;
  /** Takes secrets of the deployment out of what people type. */
  redact: (text: string) => string;
}>;

/** Who looks at a page, once they are known and let in. */
export type Viewer = Readonly<{
  person: string;
  team: string;
  name: string;
  /** What a form must send along to count as theirs. */
  formToken: string;
}>;

/** True where cookies can be bound to the one https origin. */
export function isSecure({ publicUrl }: Pick<Site, 'publicUrl'>): boolean {
  return publicUrl.startsWith('https://');
}

/** Why there are no pages, as what to set; undefined where there are. */
export function whyNoPages(given: {
  publicUrl: string | undefined;
  port: number | undefined;
  oauth: object | undefined;
}): string | undefined {
  const missing = [
    ...(given.port === undefined ? ['PORT'] : []),
    ...(given.publicUrl === undefined ? ['PUBLIC_URL'] : []),
    ...(given.oauth === undefined ? ['SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET'] : []),
  ];
  if (missing.length > 0) return `set ${missing.join(', ')}`;
  const { protocol, hostname, pathname } = new URL(given.publicUrl ?? '');
  if (pathname !== '/')
    return 'give PUBLIC_URL without a path: pages stand at the top of a host of their own';
  if (protocol !== 'https:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname))
    return 'make PUBLIC_URL an https address: Slack signs nobody in over plain http';
  return undefined;
}
