// Faults of processes and machines: kill -9, frozen and woken again, asked to stop, a full disk, a clock that jumps.
import { setTimeout as delay } from 'node:timers/promises';
import type { PlannedFault } from '../plan.ts';
import { descendants, listProcesses } from '../process-table.ts';
import type { Stage } from '../stage.ts';
import type { Unit } from '../unit.ts';

const LOOK_MS = 100;
/** How long to look for an agent or a proxy that could be killed. */
const VICTIM_PATIENCE_MS = 6_000;
const HOUR_MS = 60 * 60_000;

/** True when it hit. */
type Play = (stage: Stage, fault: PlannedFault) => Promise<boolean>;

const kill = async (unit: Unit): Promise<boolean> => {
  if (unit.pid() === undefined) return false;
  await unit.kill();
  return true;
};

const freeze = async (unit: Unit, forMs: number): Promise<boolean> => {
  if (!unit.isUp()) return false;
  const pid = unit.pid();
  unit.freeze();
  const until = Date.now() + forMs;
  while (Date.now() < until && unit.pid() === pid) await delay(LOOK_MS);
  if (unit.pid() === pid) unit.thaw();
  return true;
};

const restart: (unit: Unit, stage: Stage) => Promise<boolean> = async (unit, { journal }) => {
  if (!unit.isUp()) return false;
  const begun = Date.now();
  const code = await unit.terminate();
  const tookMs = Date.now() - begun;
  journal.note(`${unit.name} stopped when asked, after ${tookMs} ms with ${code}`);
  return true;
};

/** Kills the first process that fits, as soon as there is one. */
async function killFirst(find: () => Promise<readonly number[]>, dice: number): Promise<boolean> {
  const deadline = Date.now() + VICTIM_PATIENCE_MS;
  while (Date.now() < deadline) {
    const victims = await find();
    const victim = victims[dice % Math.max(1, victims.length)];
    if (victim !== undefined) {
      process.kill(victim, 'SIGKILL');
      return true;
    }
    await delay(LOOK_MS);
  }
  return false;
}

async function agentsOf(stage: Stage): Promise<readonly number[]> {
  const all = await listProcesses();
  return all
    .filter(({ cwd, command }) => cwd.startsWith(stage.dir) && /node \S*scripted-agent\.ts/.test(command))
    .filter(({ command }) => !command.includes('bwrap'))
    .map(({ pid }) => pid);
}

/** The relays that carry what a sandboxed agent sends out. */
async function proxiesOf(stage: Stage): Promise<readonly number[]> {
  const all = await listProcesses();
  return stage.runners
    .flatMap((runner) => descendants(all, runner.pid() ?? -1))
    .filter(({ command }) => /^(\S*\/)?socat /.test(command))
    .map(({ pid }) => pid);
}

export const PROCESS_FAULTS = {
  'kill-bot': (stage, { which }) => kill(stage.bots[which]),
  'kill-runner': (stage, { which }) => kill(stage.runners[which]),
  'kill-agent': (stage, { dice }) => killFirst(() => agentsOf(stage), dice),
  'kill-sandbox-proxy': (stage, { dice }) => killFirst(() => proxiesOf(stage), dice),
  'freeze-bot': (stage, { which, forMs }) => freeze(stage.bots[which], forMs),
  'freeze-runner': (stage, { which, forMs }) => freeze(stage.runners[which], forMs),
  'restart-bot': (stage, { which }) => restart(stage.bots[which], stage),
  'restart-runner': (stage, { which }) => restart(stage.runners[which], stage),
  async 'disk-full'(stage, { which, forMs }) {
    const runner = stage.runners[which];
    await stage.disks[which].fill(runner);
    const until = Date.now() + forMs;
    while (Date.now() < until) await delay(LOOK_MS);
    await stage.disks[which].free(runner);
    return true;
  },
  async 'clock-jump'(stage, { which, dice }) {
    const unit = dice % 2 === 0 ? stage.runners[which] : stage.bots[which];
    if (!unit.isUp()) return false;
    const hours = [-26, -1, 1, 26][dice % 4] ?? 1;
    await unit.jumpClock(hours * HOUR_MS);
    stage.journal.note(`the clock of ${unit.name} jumps by ${hours} h`);
    return true;
  },
} as const satisfies Record<string, Play>;
