// A little world on localhost: one Slack workspace, one GitHub, the sample repository, a few people. The demo, the
// playground and the tests live in it; the bot that visits is pointed at it by environment variables alone.
import { randomBytes } from 'node:crypto';
import { createLocalGitHub, type LocalGitHub } from './github/server.ts';
import { sampleRepository } from './sample/sample-repository.ts';
import { createLocalSlack, type LocalSlack, type LocalSlackOptions } from './slack/local-slack.ts';

export type World = Readonly<{
  slack: LocalSlack;
  github: LocalGitHub;
  /** The sample repository, `acme/shop`, or the one that was given instead. */
  repo: Readonly<{ owner: string; name: string }>;
  /** The public channel #shop; the bot is not in it yet. */
  channel: string;
  people: Readonly<{ ann: string; bob: string }>;
  /** Where GitHub's own pages are. */
  githubUrl: string;
  /** What Errand's settings must be to live here. */
  env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}>;

/** Starts the world; git's repositories go below `dir`, which the caller removes. */
export async function createWorld(options: {
  dir: string;
  slack?: LocalSlackOptions;
  asyncMerge?: boolean;
  /** Instead of the sample: a repository with its history from a folder on this machine, which itself stays untouched. */
  repository?: Readonly<{ owner: string; name: string; cloneOf: string; defaultBranch: string }>;
  /** Gus as well: a guest in the channel, who may not do what members may. */
  guest?: boolean;
  /** Whose the bot's token is at GitHub. */
  login?: string;
  /** A GitHub App beside the token. */
  app?: Readonly<{ appId: number; privateKeyPem: string }>;
}): Promise<World> {
  // Nobody outside knows them: a website that finds the ports can neither act as the bot nor read what is here.
  const githubToken = `ghp_${secret()}`;
  const slack = createLocalSlack({
    botToken: `xoxb-local-${secret()}`,
    appToken: `xapp-local-${secret()}`,
    signingSecret: secret(),
    ...options.slack,
  });
  const github = createLocalGitHub({
    dir: options.dir,
    token: options.login === undefined ? githubToken : { token: githubToken, login: options.login },
    asyncMerge: options.asyncMerge ?? true,
    ...(options.app ? { app: options.app } : {}),
  });
  const [slackAt, githubAt] = await Promise.all([slack.start(), github.start()]);
  const { issues, ...repository } = options.repository
    ? { ...options.repository, issues: [] }
    : sampleRepository();
  await github.addRepository(repository);
  const repo = { owner: repository.owner, name: repository.name };
  for (const issue of issues) github.addIssue({ repo: `${repo.owner}/${repo.name}`, ...issue });
  const ann = slack.addUser({ name: 'ann', realName: 'Ann' }).id;
  const bob = slack.addUser({ name: 'bob', realName: 'Bob' }).id;
  const guests = options.guest
    ? [slack.addUser({ name: 'gus', realName: 'Gus', isRestricted: true }).id]
    : [];
  const channel = slack.addChannel({ name: 'shop', members: [ann, bob, ...guests] }).id;
  return {
    slack,
    github,
    repo,
    channel,
    people: { ann, bob },
    githubUrl: githubAt.serverUrl,
    env: {
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: slackAt.apiUrl,
      GITHUB_TOKEN: githubToken,
      GITHUB_API_URL: githubAt.apiUrl,
      GITHUB_SERVER_URL: githubAt.serverUrl,
    },
    async stop() {
      await Promise.all([slack.stop(), github.stop()]);
    },
  };
}

/** As long as what follows `ghp_` in a real token. */
function secret(): string {
  return randomBytes(18).toString('hex');
}
