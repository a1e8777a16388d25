// The playground's runner as a process of its own, so that it can really be killed. Started by runner-process.ts, with its
// settings in its environment; it ends, in good order, when its standard input ends: so it never outlives the playground.
import { once } from 'node:events';
import { startRunner } from '../../app.ts';
import { readConfig, readEnvironment, withholdSecrets } from '../../config.ts';
import { createLog } from '../../log.ts';
import { createRedactor } from '../../redact.ts';

// Ctrl-C reaches every process of the terminal; when this one ends its parent decides.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
withholdSecrets();
const environment = readEnvironment({ file: false });
const config = readConfig({ env: environment, needs: ['github', 'agent', 'database'] });
if ('problems' in config) throw new Error(config.problems.join('\n'));
if (config.database.kind !== 'url') throw new Error('The playground names its database.');
const redactor = createRedactor(config.secrets);
const log = createLog({ level: config.logLevel, redactor });
const { github, agent, runner, home, secretFiles } = config;
const running = await startRunner({
  databaseUrl: config.database.url,
  github,
  agent,
  runner,
  home,
  secretFiles,
  log,
  redactor,
  shareSnapshots: false,
});
process.stdout.write('ready\n');
process.stdin.resume();
await once(process.stdin, 'close');
await running.stop();
// What somebody still waits for must not hold the process.
process.exit(0);
