// What Errand adds: 20 jobs with an instant agent on 4 slots, against a shell script that starts the same agent process
// and does the same git work four at a time. Both in the same run, on the same local Git server.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { AGENT_COMMAND, type Stage, setStage, typeCommand, untilJobs } from './stage.ts';

export type OverheadResult = Readonly<{
  oursS: number;
  shellS: number;
  ratio: number;
  sandbox: 'on' | 'off';
}>;

const SLOTS = 4;
const SHELL_JOB = fileURLToPath(new URL('shell-job.sh', import.meta.url));

/** Seconds for all jobs, and their ratio. `sandbox` puts our agents into the real one; the script never uses it. */
export async function benchOverhead(options: { jobs: number; sandbox: boolean }): Promise<OverheadResult> {
  const stage = await setStage();
  try {
    const shellS = await runShell(stage, options.jobs);
    const oursS = await runOurs(stage, options);
    return { oursS, shellS, ratio: oursS / shellS, sandbox: options.sandbox ? 'on' : 'off' };
  } finally {
    await stage.close();
  }
}

async function runOurs(stage: Stage, options: { jobs: number; sandbox: boolean }): Promise<number> {
  await stage.startHalf('bot');
  await stage.startHalf('runner', {
    ERRAND_SLOTS: String(SLOTS),
    ERRAND_SANDBOX: options.sandbox ? 'srt' : 'none',
  });
  // The first job makes the mirror; the script's is made beforehand too.
  await typeCommand(stage.world, 'do script: answer warm');
  await untilJobs(stage, ['done'], 1);
  const began = performance.now();
  for (let n = 0; n < options.jobs; n += 1) {
    await typeCommand(stage.world, `do script: write out-${n}.txt <<hello`);
  }
  await untilJobs(stage, ['in_review'], options.jobs);
  return (performance.now() - began) / 1000;
}

/** The same jobs by shell-job.sh, four at a time. */
async function runShell(stage: Stage, jobs: number): Promise<number> {
  const { env, repo } = stage.world;
  const mirror = join(stage.dir, 'shell-mirror.git');
  const url = new URL(`${env['GITHUB_SERVER_URL']}/${repo.owner}/${repo.name}.git`);
  url.username = 'x-access-token';
  url.password = env['GITHUB_TOKEN'] ?? '';
  const gitEnv = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  await execa('git', ['clone', '-q', '--bare', url.href, mirror], { env: gitEnv });
  await execa('git', ['-C', mirror, 'config', 'remote.origin.fetch', '+refs/heads/*:refs/heads/*'], {
    env: gitEnv,
  });
  const numbers = Array.from({ length: jobs }, (_, n) => String(n)).join('\n');
  const began = performance.now();
  await execa(
    'xargs',
    ['-P', String(SLOTS), '-I', '{}', SHELL_JOB, mirror, stage.dir, '{}', ...AGENT_COMMAND],
    {
      input: numbers,
      env: gitEnv,
    },
  );
  return (performance.now() - began) / 1000;
}
