// errand start, errand bot, errand runner: one half or both, until a signal asks to stop.
import { type Grounds, listMissing, lookAtStanding } from '../app/standing.ts';
import { type Running, startBot, startRunner } from '../app.ts';
import { findMisspelt, formatMisspelt } from '../config/misspelt.ts';
import { type Config, findWrongCommon, formatProblems, readConfig, readEnvironment } from '../config.ts';
import { toError } from '../errors.ts';
import { createLog, type Log } from '../log.ts';
import { createRedactor, type Redactor } from '../redact.ts';
import { migrate } from '../store/migrate.ts';
import { openCommandDatabase } from './database.ts';
import { listenForStop, UNFINISHED } from './signals.ts';

type Halves = Readonly<{ bot: boolean; runner: boolean }>;

/**
 * Returns the exit code once everything has stopped: 0 when all was finished or handed over, 1 when something could not
 * be let go of (the next start finds it) or the settings are wrong.
 */
export async function runHalves(halves: Halves): Promise<number> {
  const config = readConfig({
    needs: [
      'database',
      'github',
      ...(halves.bot ? (['slack'] as const) : []),
      ...(halves.runner ? (['agent'] as const) : []),
    ],
  });
  const standing = await lookAtStanding(readGrounds(halves));
  const missing = listMissing(standing);
  if ('problems' in config || missing.length > 0) {
    const wrong = 'problems' in config ? config.problems : [];
    process.stderr.write(formatProblems([...wrong, ...missing]));
    return 1;
  }
  const redactor = createRedactor(config.secrets);
  const log = createLog({ level: config.logLevel, redactor });
  for (const misspelt of findMisspelt(readEnvironment())) {
    log.warn({ ...misspelt, say: formatMisspelt(misspelt) }, 'errand.setting.unknown');
  }
  if (standing.unsure !== undefined) log.warn({ say: standing.unsure }, 'errand.github.unsure');
  // From now on: a signal that comes while all is starting must be heard, too.
  const stop = listenForStop(log);
  const how = halves.bot && halves.runner ? 'own' : 'join';
  const database = await openCommandDatabase({ ...config, how, log });
  redactor.learn(new URL(database.url).password);
  const running: Running[] = [];
  try {
    for (const start of listStarts(halves, config, { databaseUrl: database.url, log, redactor })) {
      if (stop.isAsked()) break;
      const half = await start();
      if (half) running.push(half);
    }
    await stop.asked;
  } catch (thrown) {
    await stopAll(running, database.stop, log);
    throw thrown;
  }
  return (await stopAll(running, database.stop, log)) ? 0 : UNFINISHED;
}

/** As far as these settings can be read, so that one message names what is wrong with the others, too. */
function readGrounds(halves: Halves): Grounds {
  const { env } = findWrongCommon(readEnvironment());
  const github = readConfig({ env, needs: ['github'] });
  const agent = readConfig({ env, needs: ['agent'] });
  return {
    ...('problems' in github ? {} : { github: github.github }),
    ...('problems' in agent || !halves.runner ? {} : { agent: agent.agent }),
    log: createLog({ level: 'silent' }),
  };
}

function listStarts(
  halves: Halves,
  config: Config,
  shared: Readonly<{ databaseUrl: string; log: Log; redactor: Redactor }>,
): readonly (() => Promise<Running | undefined>)[] {
  const { home, slack, agent, github } = config;
  const prepare = async () => void (await migrate({ url: shared.databaseUrl, log: shared.log }));
  let note = (): string | undefined => undefined;
  const runner = async () => {
    const started = await startRunner({
      ...shared,
      ...config,
      home,
      shareSnapshots: config.database.kind === 'url',
      port: halves.bot ? undefined : config.web.port,
    });
    note = started.note;
    return started;
  };
  const bot = () =>
    startBot({
      ...shared,
      github,
      slack,
      ...config.web,
      ...(halves.runner ? { agent, withRunner: true, note } : {}),
    });
  return [prepare, ...(halves.runner ? [runner] : []), ...(halves.bot ? [bot] : [])];
}

/** Both halves at once, since each may need its time; then the database. False when something would not let go. */
async function stopAll(
  running: readonly Running[],
  stopDatabase: () => Promise<void>,
  log: Log,
): Promise<boolean> {
  const ends = await Promise.allSettled(running.map((half) => half.stop()));
  ends.push(...(await Promise.allSettled([stopDatabase()])));
  const failed = ends.flatMap((end) => (end.status === 'rejected' ? [toError(end.reason)] : []));
  for (const err of failed) log.warn({ err }, 'errand.stop.unfinished');
  return failed.length === 0;
}
