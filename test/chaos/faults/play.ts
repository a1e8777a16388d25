// Plays the planned faults, each at its time, and makes everything well again in the end.
import { setTimeout as delay } from 'node:timers/promises';
import type { PlannedFault } from '../plan.ts';
import { type Stage, untilUp } from '../stage.ts';
import { HAND_FAULTS } from './hands.ts';
import { untilMoment } from './moments.ts';
import { NETWORK_FAULTS } from './networks.ts';
import { PROCESS_FAULTS } from './processes.ts';

const LOOK_MS = 50;
const PLAYS = { ...PROCESS_FAULTS, ...NETWORK_FAULTS, ...HAND_FAULTS };

/** Resolves when the last fault is over and every process is up again. */
export async function playFaults(stage: Stage): Promise<void> {
  // Postgres is one for all: while one fault has it down, the next waits.
  let postgres: Promise<unknown> = Promise.resolve();
  const plays = stage.plan.faults.map(async (fault) => {
    while (Date.now() - stage.journal.startedAt < fault.atMs) await delay(LOOK_MS);
    if (fault.moment) await untilMoment(stage, fault.moment);
    if (!fault.kind.startsWith('kill-postgres')) return playOne(stage, fault);
    const mine = postgres.then(() => playOne(stage, fault));
    postgres = mine;
    return mine;
  });
  await Promise.all(plays);
  calm(stage);
  await untilUp(stage.units);
}

async function playOne(stage: Stage, fault: PlannedFault): Promise<void> {
  const { kind } = fault;
  // Done by a person, at the moment of the approval.
  if (kind === 'push-by-hand') return;
  stage.journal.note(`fault ${kind} (${fault.which}) begins`);
  try {
    if (await PLAYS[kind](stage, fault)) stage.journal.count(kind);
    else stage.journal.note(`fault ${kind} found nothing to hit`);
  } catch (thrown) {
    stage.journal.note(`fault ${kind} failed: ${String(thrown)}`);
    if (kind.startsWith('kill-postgres')) throw thrown;
  }
}

/** From now on nothing breaks any more. */
function calm({ slack, github }: Stage): void {
  slack.clearFaults();
  slack.down(false);
  slack.doubleEvents(false);
  slack.holdEvents(undefined);
  github.clearFaults();
  github.down(false);
}
