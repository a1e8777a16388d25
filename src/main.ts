// The errand command. Reads the command line and hands over to one file a command; knows nothing else.
import { readFile } from 'node:fs/promises';
import { type CommandName, formatHelp, readCommandLine, whereToLook } from './commands/command-line.ts';
import { isRefusal, PermanentError, TransientError, toError } from './errors.ts';

/** Runs one command; answers the process's exit code. */
async function main(args: readonly string[]): Promise<number> {
  const asked = readCommandLine(args);
  if (isRefusal(asked))
    return complain(`${asked.refusal} Type \`${whereToLook(args)}\` to see what it knows.`);
  switch (asked.kind) {
    case 'version':
      return say(`errand ${await readVersion()}\n`);
    case 'help':
      return help(asked.of);
    case 'command':
      // Reads its words once more: its exit codes say more.
      if (asked.command === 'gate') return (await import('./commands/gate.ts')).runGate(args.slice(1));
      // Before anything is started that would inherit them.
      (await import('./config.ts')).withholdSecrets();
      return run(asked.command, asked);
  }
}

async function run(
  command: CommandName,
  asked: Readonly<{
    word: string | undefined;
    flags: ReadonlySet<string>;
    values: Readonly<Record<string, string>>;
  }>,
): Promise<number> {
  const { word, flags, values } = asked;
  const json = flags.has('json');
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
      return (await import('./commands/doctor.ts')).runDoctor({
        json,
        half: word,
        settings: flags.has('settings'),
      });
    case 'audit':
      return (await import('./commands/audit.ts')).runAudit({ json, since: values['since'], job: word });
    case 'gc':
      return (await import('./commands/gc.ts')).runGc({
        json,
        yes: flags.has('yes') && !flags.has('dry-run'),
      });
    case 'init':
      return (await import('./commands/init.ts')).runInit({ repo: values['repo'] });
    case 'demo':
      // What a story that was broken off still waits for must not hold the process.
      return process.exit(await (await import('./commands/demo.ts')).runDemo({ json }));
    case 'playground': {
      const { runPlayground } = await import('./commands/playground.ts');
      return process.exit(await runPlayground({ repo: values['repo'], port: values['port'] }));
    }
    case 'gate':
    case 'help':
      return help(command);
  }
}

async function help(of: CommandName | undefined): Promise<number> {
  if (of === 'gate') return (await import('./commands/gate.ts')).runGate(['--help']);
  return say(formatHelp(of));
}

async function readVersion(): Promise<string> {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  const about: { version?: string } = JSON.parse(text);
  return about.version ?? 'of unknown version';
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
  process.stderr.write(`${text}\n`);
  return 2;
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
  const expected = error instanceof PermanentError || isOutsideTrouble(error);
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
