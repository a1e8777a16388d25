// The errand command. Reads the command line and hands over to one file a command; knows nothing else.
import { parseArgs } from 'node:util';
import { PermanentError, TransientError, toError } from './errors.ts';

const HELP = `errand: a Slack bot for fire-and-forget background coding agents

  errand start      the whole of it in one process (starts its own Postgres when DATABASE_URL is unset)
  errand bot        only the half that listens to Slack
  errand runner     only the half that runs agents
  errand migrate    bring the database to this version's schema
  errand doctor     check every setting, binary and connection, and say how to mend each
  errand demo       play the whole story on this machine, without any account   [--json]
  errand gate       judge what a range of commits changes, as before every push; errand gate --help
  errand help       this text

Settings come from the environment or from a file named .env; errand doctor lists them all.
`;

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
      help: { type: 'boolean', default: false, short: 'h' },
    },
  });
  const [command = 'help', ...rest] = positionals;
  if (values.help || command === 'help') return say(HELP);
  if (rest.length > 0) return complain(`errand ${command} takes no further words (got "${rest.join(' ')}").`);
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
      return (await import('./commands/doctor.ts')).runDoctor({ json: values.json });
    case 'demo':
      // What a story that was broken off still waits for must not hold the process.
      return process.exit(await (await import('./commands/demo.ts')).runDemo({ json: values.json }));
    default:
      return complain(`errand does not know "${command}".`);
  }
}

/** Commands are loaded when they are wanted: a bot has no use for what the demo brings along. */
async function startHalves(halves: { bot: boolean; runner: boolean }): Promise<number> {
  return (await import('./commands/start.ts')).runHalves(halves);
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
