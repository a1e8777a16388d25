// The errand command. Reads the command line and hands over to one file a command; knows nothing else.
import { parseArgs } from 'node:util';
import { PermanentError, TransientError, toError } from './errors.ts';

const HELP = `errand: a Slack bot for fire-and-forget background coding agents

  errand start      the whole of it in one process (starts its own Postgres when DATABASE_URL is unset)
  errand bot        only the half that listens to Slack
  errand runner     only the half that runs agents
  errand migrate    bring the database to this version's schema
  errand doctor     check every setting, binary and connection, and say how to mend each   [bot|runner] [--json]
  errand audit      everything that changed: who, what, when, which commit   [J-12] [--since 36h] [--json]
  errand gc         disk use by part, and what can go: shows it, does it with --yes   [--yes] [--json]
  errand init       open a pull with a starter set of .agents/ files for a repository   [--repo owner/name]
  errand demo       play the whole story on this machine, without any account   [--json]
  errand gate       judge what a range of commits changes, as before every push; errand gate --help
  errand help       this text

Settings come from the environment or from a file named .env; errand doctor lists them all.
`;

const TAKES_A_WORD: ReadonlySet<string> = new Set(['doctor', 'audit']);

/** Runs one command; answers the process's exit code. */
async function main(args: readonly string[]): Promise<number> {
  switch (args[0]) {
    // Reads its own words: they are many, and its exit codes say more.
    case 'gate':
      return (await import('./commands/gate.ts')).runGate(args.slice(1));
  }
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      since: { type: 'string' },
      repo: { type: 'string' },
      help: { type: 'boolean', default: false, short: 'h' },
    },
  });
  const [command = 'help', ...rest] = positionals;
  if (values.help || command === 'help') return say(HELP);
  const [word] = rest;
  if (rest.length > (TAKES_A_WORD.has(command) ? 1 : 0))
    return complain(`errand ${command} takes no further words (got "${rest.join(' ')}").`);
  // Before anything is started that would inherit them.
  (await import('./config.ts')).withholdSecrets();
  switch (command) {
    case 'start':
      return startHalves({ bot: true, runner: true });
    case 'bot':
      return startHalves({ bot: true, runner: false });
    case 'runner':
      return startHalves({ bot: false, runner: true });
    case 'migrate':
      return (await import('./commands/migrate.ts')).runMigrate();
    case 'doctor':
      if (word !== undefined && word !== 'bot' && word !== 'runner')
        return complain(`errand doctor looks at everything, at the bot or at the runner (got "${word}").`);
      return (await import('./commands/doctor.ts')).runDoctor({ json: values.json, half: word });
    case 'audit':
      return (await import('./commands/audit.ts')).runAudit({ ...values, job: word });
    case 'gc':
      return (await import('./commands/gc.ts')).runGc({
        json: values.json,
        yes: values.yes && !values['dry-run'],
      });
    case 'init':
      return (await import('./commands/init.ts')).runInit({ repo: values.repo });
    case 'demo':
      // What a story that was broken off still waits for must not hold the process.
      return process.exit(await (await import('./commands/demo.ts')).runDemo({ json: values.json }));
    default:
      return complain(`errand does not know "${command}".`);
  }
}

/** Commands are loaded when they are wanted: a bot has no use for what the demo brings along. */
async function startHalves(halves: { bot: boolean; runner: boolean }): Promise<number> {
  // A connection that does not close must not hold the process: all that matters was finished or handed over.
  return process.exit(await (await import('./commands/start.ts')).runHalves(halves));
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

function complain(text: string): number {
  process.stderr.write(`${text} Type \`npm run errand -- help\` to see what it knows.\n`);
  return 2;
}

/** What `parseArgs` throws; any other TypeError is a mistake of ours and shows where it was made. */
function isWrongOption(error: Error): boolean {
  return 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');
}

/** A reader that had enough (`| head`) is no error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

/** Something outside did not answer: its name and address are in the sentence, our stack would say nothing. */
function isOutsideTrouble(error: Error): boolean {
  return (
    error instanceof TransientError ||
    ('code' in error && /^E(CONN|HOST|NOTFOUND|TIMEDOUT)/.test(String(error.code)))
  );
}

/** The last words of the process; an error of a library may carry an address or a header. */
async function describeFailure(thrown: unknown): Promise<string> {
  const error = toError(thrown);
  const expected = error instanceof PermanentError || isWrongOption(error) || isOutsideTrouble(error);
  const [{ createRedactor }, { readEnvironment }, { secretsIn }] = await Promise.all([
    import('./redact.ts'),
    import('./config.ts'),
    import('./config/secrets.ts'),
  ]);
  const redactor = createRedactor(secretsIn(readEnvironment()));
  return redactor.text(`${expected ? error.message : (error.stack ?? error.message)}\n`);
}

async function fail(thrown: unknown): Promise<void> {
  process.stderr.write(await describeFailure(thrown));
}

// Node itself would print every field of the error.
process.on('uncaughtException', (thrown) => {
  void fail(thrown).finally(() => process.exit(1));
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (thrown) {
  await fail(thrown);
  process.exitCode = 1;
}
