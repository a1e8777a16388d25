// What Errand adds: 20 jobs with an instant agent on 4 slots, against a shell script that does four at a time what cannot be
// left out: fetch, worktree, the same agent process over ACP, commit, push, pull. Both in the same run, over the same local
// GitHub; each does one job first, and the script runs before and after ours, since machines change their pace.
// What the script leaves out is what is measured: Slack, the database, the gate, snapshots, a fence around each write.
// CPU time is told beside the wall clock: of the script and all it starts; of bot, runner, all they start and Postgres.
// The local Slack and GitHub, which serve both, count in neither.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { type CpuReading, cpuBetween, readCpu } from './cpu.ts';
import { AGENT_COMMAND, type Stage, setStage, typeCommand, untilJobs } from './stage.ts';

export type OverheadResult = Readonly<{
  oursS: number;
  shellS: number;
  ratio: number;
  /** CPU seconds a job. */
  oursCpuS: number;
  shellCpuS: number;
  cpuRatio: number;
  sandbox: 'on' | 'off';
}>;

type Measured = Readonly<{ wallS: number; cpuS: number }>;

const SLOTS = 4;
const SHELL_JOB = fileURLToPath(new URL('shell-job.sh', import.meta.url));

/** Seconds for all jobs, and their ratio. `sandbox` puts our agents into the real one; the script never uses it. */
export async function benchOverhead(options: { jobs: number; sandbox: boolean }): Promise<OverheadResult> {
  const stage = await setStage();
  const { jobs } = options;
  try {
    const shell = await setShell(stage);
    await shell.run({ from: 0, jobs: 1 });
    const before = await shell.run({ from: 1, jobs });
    const ours = await runOurs(stage, options);
    const after = await shell.run({ from: 1 + jobs, jobs });
    const shellS = (before.wallS + after.wallS) / 2;
    const shellCpuS = (before.cpuS + after.cpuS) / 2;
    return {
      oursS: ours.wallS,
      shellS,
      ratio: ours.wallS / shellS,
      oursCpuS: ours.cpuS / jobs,
      shellCpuS: shellCpuS / jobs,
      cpuRatio: ours.cpuS / shellCpuS,
      sandbox: options.sandbox ? 'on' : 'off',
    };
  } finally {
    await stage.close();
  }
}

async function runOurs(stage: Stage, options: { jobs: number; sandbox: boolean }): Promise<Measured> {
  const bot = await stage.startHalf('bot');
  const runner = await stage.startHalf('runner', {
    ERRAND_SLOTS: String(SLOTS),
    ERRAND_SANDBOX: options.sandbox ? 'srt' : 'none',
  });
  // The first job makes the mirror; the script's is made beforehand too.
  await typeCommand(stage.world, 'do script: answer warm');
  await untilJobs(stage, ['done'], 1);
  return measure(await findRoots(stage, [bot.pid, runner.pid]), async () => {
    for (let n = 0; n < options.jobs; n += 1) {
      await typeCommand(stage.world, `do script: write out-${n}.txt <<hello`);
    }
    await untilJobs(stage, ['in_review'], options.jobs);
  });
}

/** The given processes and the Postgres of the stage. */
async function findRoots(stage: Stage, pids: readonly number[]): Promise<number[]> {
  const { rows } = await stage.store.db.sql.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const postmaster = (await readCpu()).get(rows[0]?.pid ?? 0)?.parent;
  return [...pids, ...(postmaster === undefined ? [] : [postmaster])];
}

async function measure(roots: readonly number[], work: () => Promise<void>): Promise<Measured> {
  const before: CpuReading = await readCpu();
  const began = performance.now();
  await work();
  const wallS = (performance.now() - began) / 1000;
  return { wallS, cpuS: cpuBetween(before, await readCpu(), roots) };
}

/** The same jobs by shell-job.sh, four at a time. */
async function setShell(stage: Stage) {
  const { env, repo } = stage.world;
  const mirror = join(stage.dir, 'shell-mirror.git');
  const url = new URL(`${env['GITHUB_SERVER_URL']}/${repo.owner}/${repo.name}.git`);
  url.username = 'x-access-token';
  url.password = env['GITHUB_TOKEN'] ?? '';
  const gitEnv = {
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    PULLS: `${env['GITHUB_API_URL']}/repos/${repo.owner}/${repo.name}/pulls`,
    TOKEN: env['GITHUB_TOKEN'] ?? '',
  };
  await execa('git', ['clone', '-q', '--bare', url.href, mirror], { env: gitEnv });
  await execa('git', ['-C', mirror, 'config', 'remote.origin.fetch', '+refs/heads/*:refs/heads/*'], {
    env: gitEnv,
  });
  const job = ['-P', String(SLOTS), '-I', '{}', SHELL_JOB, mirror, stage.dir, '{}', ...AGENT_COMMAND];
  return {
    async run({ from, jobs }: { from: number; jobs: number }): Promise<Measured> {
      const input = Array.from({ length: jobs }, (_, n) => String(from + n)).join('\n');
      const began = performance.now();
      // The last line of `times` is what the children have used: minutes and seconds, as a user and in the kernel.
      const { stdout } = await execa('bash', ['-ec', 'xargs "$@"; times', 'bash', ...job], {
        input,
        env: gitEnv,
      });
      const wallS = (performance.now() - began) / 1000;
      const times = [...(stdout.split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
      const cpuS = times.reduce(
        (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds),
        0,
      );
      return { wallS, cpuS };
    },
  };
}
