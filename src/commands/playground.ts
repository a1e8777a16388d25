// errand playground: the whole of it on this machine, without any account, as a page to try it in. Ends with Ctrl-C and
// leaves nothing behind.
import getPort, { portNumbers } from 'get-port';
import { readEnvironment } from '../config.ts';
import { isRefusal, type Refusal, refuse } from '../errors.ts';
import { readOwnRepository } from './playground/own-repository.ts';
import { openPlayground } from './playground/stage.ts';
import { listenForStop } from './signals.ts';

/** Easy to remember; the next free one where it is taken. */
const PORT = 4600;
const PORTS_TRIED = 50;

/** Returns the exit code. `repo` is the path of a repository to serve instead of the sample, `port` as it was typed. */
export async function runPlayground(
  options: Readonly<{ repo?: string | undefined; port?: string | undefined }>,
): Promise<number> {
  // From the first moment: whatever stops it, all that was started is cleared away.
  const { asked, isAsked } = listenForStop();
  const port = await choosePort(options.port);
  if (isRefusal(port)) return complain(port);
  const repository = options.repo === undefined ? undefined : await readOwnRepository(options.repo);
  if (repository !== undefined && isRefusal(repository)) return complain(repository);
  // Settings for a real Slack and GitHub say nothing here; only who names an agent wants its keys from the file.
  const realAgent = readEnvironment({ file: false })['ERRAND_AGENT'];
  const environment = readEnvironment({ file: realAgent !== undefined });
  process.stdout.write('Starting a Slack, a GitHub, a database and Errand on this machine…\n');
  const playground = await openPlayground({ environment, realAgent, repository, port });
  if (isRefusal(playground)) return complain(playground);
  if (!isAsked())
    process.stdout.write(`\n  Open ${playground.url}\n\nCtrl-C ends it and leaves nothing behind.\n`);
  await asked;
  process.stdout.write('\nClearing away…\n');
  await playground.stop();
  return 0;
}

/** A number that was asked for is taken or refused; else the first free one from the usual one on. */
export async function choosePort(typed: string | undefined): Promise<number | Refusal> {
  if (typed === undefined) return getPort({ port: portNumbers(PORT, PORT + PORTS_TRIED), host: '127.0.0.1' });
  const port = Number(typed);
  if (!/^\d{1,5}$/.test(typed) || port < 1 || port > 65_535)
    return refuse('bad_port', `--port takes a number from 1 to 65535 (got "${typed}").`);
  if ((await getPort({ port, host: '127.0.0.1' })) !== port)
    return refuse('port_taken', `Port ${port} is taken. Name another, or leave --port out.`);
  return port;
}

function complain({ refusal }: Refusal): number {
  process.stderr.write(`${refusal}\n`);
  return 2;
}
