// Every name Errand reads from its environment: what it means, its default, whether it is a secret. README and
// `errand doctor` print this table; the values are read and judged in config.ts and its neighbours.

export type Setting = Readonly<{
  name: string;
  /** The part of Errand that asks for it. */
  part: 'store' | 'slack' | 'github' | 'web' | 'agent' | 'log';
  meaning: string;
  /** What holds when it is unset; `unset` when nothing does. */
  fallback: string;
  secret: boolean;
}>;

/** Keys of agents. GH_TOKEN is not among them: it is the operator's own right on GitHub, which no agent needs. */
const AGENT_SECRETS = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'OPENAI_API_KEY',
  'CODEX_API_KEY',
  'CODEX_CONFIG',
  'GEMINI_API_KEY',
  'GOOGLE_API_KEY',
  'GOOGLE_GENERATIVE_AI_API_KEY',
  'COPILOT_GITHUB_TOKEN',
  'OPENROUTER_API_KEY',
  'OPENCODE_API_KEY',
  'OPENCODE_CONFIG_CONTENT',
  'KILO_API_KEY',
  'KILO_CONFIG_CONTENT',
] as const;

/** What else agents read: which model, which provider, which gateway. */
const AGENT_CHOICES = [
  'ANTHROPIC_BASE_URL',
  'ANTHROPIC_MODEL',
  'OPENAI_BASE_URL',
  'CODEX_HOME',
  'MODEL_PROVIDER',
  'GEMINI_MODEL',
  'GOOGLE_GEMINI_BASE_URL',
  'GOOGLE_CLOUD_PROJECT',
  'COPILOT_MODEL',
  'GOOSE_PROVIDER',
  'GOOSE_MODEL',
] as const;

/** The variables that agents read themselves: exactly these are handed on to them. */
export const AGENT_KEYS: readonly string[] = [...AGENT_SECRETS, ...AGENT_CHOICES];

/** What every program expects of its surroundings; handed to agents too. */
export const AGENT_SURROUNDINGS = [
  ...['PATH', 'LANG', 'LC_ALL', 'TZ', 'TERM'],
  // Where version managers keep toolchains (sandbox/toolchain-variables.ts).
  ...['RUSTUP_HOME', 'VOLTA_HOME', 'PYENV_ROOT', 'ASDF_DATA_DIR', 'MISE_DATA_DIR'],
] as const;

type Row = readonly [name: string, meaning: string, fallback: string, secret?: 'secret'];

const STORE: readonly Row[] = [
  [
    'DATABASE_URL',
    'Postgres 15 or newer, as postgres://user:password@host/database',
    'Errand starts its own',
    'secret',
  ],
  ['ERRAND_HOME', 'Folder for mirrors, workspaces and the own Postgres', '~/.errand'],
];

const SLACK: readonly Row[] = [
  ['SLACK_BOT_TOKEN', 'Bot User OAuth Token (xoxb-…)', 'unset', 'secret'],
  [
    'SLACK_APP_TOKEN',
    'App-level token (xapp-…); when set, Slack is reached by Socket Mode',
    'unset',
    'secret',
  ],
  [
    'SLACK_SIGNING_SECRET',
    'Signing secret for HTTP mode, used when SLACK_APP_TOKEN is unset',
    'unset',
    'secret',
  ],
  [
    'ERRAND_APPROVERS',
    'Who may approve and reject besides who asked: Slack ids of people, groups or channels, or members',
    'only who asked',
  ],
  [
    'ERRAND_ADMINS',
    'Who may set up channels and link people to GitHub logins',
    'any member sets up channels',
  ],
  ['ERRAND_START', 'Who may start jobs', 'members'],
  ['ERRAND_STEER', 'Who may steer, stop and retry', 'members'],
  ['ERRAND_FOUR_EYES', 'true: nobody approves what they asked for themselves', 'false'],
  [
    'ERRAND_REQUIRE_LINK',
    'true: only people whom an admin linked to a GitHub account with write access approve',
    'false',
  ],
  ['SLACK_CLIENT_ID', 'Client id of the Slack app, by which people sign in to the pages', 'unset'],
  ['SLACK_CLIENT_SECRET', 'Client secret that goes with SLACK_CLIENT_ID', 'unset', 'secret'],
  ['SLACK_API_URL', "Where Slack's Web API lives", 'https://slack.com/api/'],
];

const WEB: readonly Row[] = [
  ['PORT', 'Opens the web server: pages, health, webhooks, and Slack in HTTP mode', 'no web server'],
  ['PUBLIC_URL', 'How people and GitHub reach that server from outside; cards link to its pages', 'unset'],
];

const GITHUB: readonly Row[] = [
  ['GITHUB_APP_ID', 'Id of your GitHub App (preferred over a token)', 'unset'],
  ['GITHUB_PRIVATE_KEY', 'Private key of the App: the PEM text, or the path of its file', 'unset', 'secret'],
  ['GITHUB_TOKEN', 'A token instead of an App; ignored when GITHUB_APP_ID is set', 'unset', 'secret'],
  [
    'GITHUB_WEBHOOK_SECRET',
    'Opens /webhooks/github on PORT for webhooks with this secret; without it Errand only polls',
    'unset',
    'secret',
  ],
  ['GITHUB_API_URL', "GitHub's REST API", 'https://api.github.com'],
  ['GITHUB_SERVER_URL', 'Where git remotes live: <this>/owner/name.git', 'https://github.com'],
];

const AGENT: readonly Row[] = [
  [
    'ERRAND_AGENT',
    'The agent: claude, codex, opencode, kilo, gemini, copilot, goose or a command',
    'the first installed',
  ],
  [
    'ERRAND_AGENT_ENV',
    'Variables that an agent given as a command gets, separated by commas; keys are masked by the sandbox',
    'none',
  ],
  ['ERRAND_SANDBOX', 'srt (sandbox-runtime) or none (agents may do whatever Errand may)', 'srt'],
  ['ERRAND_SLOTS', 'Jobs that one runner works on at once', '4'],
  ['ERRAND_TURN_LIMIT_MIN', 'Minutes after which a turn is stopped', '60'],
  ['ERRAND_SILENCE_LIMIT_MIN', 'Minutes without a sign of life after which a turn is stopped', '10'],
  ['ERRAND_POLL_S', 'Seconds between two looks at an open pull; old jobs are looked at more rarely', '30'],
  ['ERRAND_MEMORY_LIMIT_MB', 'Memory that one job may take', '4000'],
  ['ERRAND_PROCESS_LIMIT', 'Processes that one job may run at once', '500'],
  ['ERRAND_DISK_LIMIT_MB', 'Disk that the folder of one job may take', '10000'],
  ['ERRAND_OUTPUT_LIMIT_MB', "What an agent's process may print in one turn", '500'],
  ['ERRAND_MESSAGE_LIMIT', 'Messages that an agent may send in one turn', '1000000'],
  [
    'ERRAND_RUNNER_MEMORY_LIMIT_MB',
    'Memory that all jobs of one runner may take together',
    "three quarters of the machine's",
  ],
  [
    'ERRAND_FREE_DISK_MB',
    'Disk that stays free: below, the largest job is stopped and no more are taken',
    '1000',
  ],
  [
    'ERRAND_KEPT_DAYS',
    'Days that files which no snapshot can take stay after their job was stopped, failed or had nothing to push',
    '14',
  ],
  ['ERRAND_EGRESS', 'More hosts that agents may reach, separated by commas', 'none'],
  [
    'ERRAND_REPO_EGRESS',
    "Whether a repository's .agents/config.yml may add public hosts that its agents reach: yes or no",
    'no',
  ],
  [
    'ERRAND_FIND_CHECKS',
    "on or off: where a repository names no checks, its project's obvious commands are run",
    'on',
  ],
  [
    'ERRAND_MERGE_METHOD',
    'How pulls are merged, where a repository does not say: squash, merge or rebase',
    'squash',
  ],
  [
    'ERRAND_PLAN',
    'A plan before the work: auto (shown on the card), ask (a person approves it) or off; a repository and a command can say otherwise',
    'auto',
  ],
  ['ERRAND_PLAN_DAYS', 'Days after which a plan that nobody answers expires', '7'],
  [
    'ERRAND_REVIEW',
    'A second opinion by fresh eyes before people are asked: on or off; a repository can say otherwise',
    'on',
  ],
  [
    'ERRAND_COAUTHORS',
    'Slack member id=GitHub noreply address, separated by commas: named as co-authors of their jobs',
    'none',
  ],
];

const LOG: readonly Row[] = [['LOG_LEVEL', 'trace, debug, info, warn, error, fatal or silent', 'info']];

const AGENT_KEY_ROWS: readonly Row[] = [
  ...AGENT_SECRETS.map((name): Row => [name, 'A key of an agent; handed on to it', 'unset', 'secret']),
  ...AGENT_CHOICES.map((name): Row => [name, 'A setting of an agent; handed on to it', 'unset']),
];

/** The whole table, in reading order. */
export function describeConfig(): readonly Setting[] {
  const rowsOf = (part: Setting['part'], rows: readonly Row[]): Setting[] =>
    rows.map(([name, meaning, fallback, secret]) => ({
      name,
      part,
      meaning,
      fallback,
      secret: secret !== undefined,
    }));
  return [
    ...rowsOf('slack', SLACK),
    ...rowsOf('github', GITHUB),
    ...rowsOf('agent', AGENT),
    ...rowsOf('store', STORE),
    ...rowsOf('web', WEB),
    ...rowsOf('log', LOG),
    ...rowsOf('agent', AGENT_KEY_ROWS),
  ];
}
