// errand start, errand bot, errand runner: one half or both, until a signal asks to stop.
import { type Running, startBot, startRunner } from '../app.ts';
import { formatProblems, readConfig } from '../config.ts';
import { createLog, type Log } from '../log.ts';
import { createRedactor } from '../redact.ts';
import { migrate } from '../store/migrate.ts';
import { openCommandDatabase } from './database.ts';
import { untilAskedToStop } from './signals.ts';

/** Returns the exit code once everything has stopped: 0 after a signal, 1 when the settings are wrong. */
export async function runHalves(halves: { bot: boolean; runner: boolean }): Promise<number> {
  const config = readConfig({
    needs: [
      'database',
      'github',
      ...(halves.bot ? (['slack'] as const) : []),
      ...(halves.runner ? (['agent'] as const) : []),
    ],
  });
  if ('problems' in config) {
    process.stderr.write(formatProblems(config.problems));
    return 1;
  }
  // From now on: a signal that comes while all is starting must be heard, too.
  const asked = untilAskedToStop();
  const redactor = createRedactor(config.secrets);
  const log = createLog({ level: config.logLevel, redactor });
  const { home } = config;
  const database = await openCommandDatabase({ ...config, own: halves.bot && halves.runner, log });
  redactor.learn(new URL(database.url).password);
  const running: Running[] = [];
  const stop = async () => {
    for (const half of running.toReversed()) await half.stop();
    await database.stop();
  };
  try {
    await migrate({ url: database.url, log });
    const shared = { databaseUrl: database.url, github: config.github, log, redactor };
    if (halves.runner) {
      const shareSnapshots = config.database.kind === 'url';
      running.push(await startRunner({ ...shared, ...config, home, shareSnapshots }));
    }
    if (halves.bot) {
      const { slack, agent } = config;
      running.push(
        await startBot({ ...shared, slack, port: config.web.port, ...(halves.runner ? { agent } : {}) }),
      );
    }
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  log.info({ name: await asked }, 'errand.stopping');
  await stopWithin(stop, log);
  return 0;
}

/** Orchestrators kill after 30 s; whatever is not finished by then is found again by the next start. */
const STOP_LIMIT_MS = 28_000;

async function stopWithin(stop: () => Promise<void>, log: Log): Promise<void> {
  const timer = setTimeout(() => {
    log.error('errand.stop.too_slow');
    process.exit(1);
  }, STOP_LIMIT_MS);
  await stop();
  clearTimeout(timer);
}
