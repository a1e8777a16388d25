// The chaos suite's own promises: a seed can be played again, a few seeds meet every kind of fault, and the builds that are
// broken on purpose can still be broken.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BROKEN_BUILDS } from './broken.ts';
import { FAULT_KINDS, planSeed, tellPlan } from './plan.ts';
import { CHECKOUT } from './unit.ts';

const machine = { sandbox: true };

test('the same seed plans the same, another seed something else', () => {
  expect(planSeed(7, machine)).toEqual(planSeed(7, machine));
  expect(tellPlan(planSeed(7, machine))).not.toBe(tellPlan(planSeed(8, machine)));
});

test.each([0, 1, 7, 1_000])('five seeds from %i on plan every kind of fault', (first) => {
  const plans = Array.from({ length: 5 }, (_, index) => planSeed(first + index, machine));
  const kinds = new Set(plans.flatMap(({ faults }) => faults.map(({ kind }) => kind)));
  const pushes = plans.some(({ stories }) => stories.some(({ pushesByHand }) => pushesByHand));
  expect(FAULT_KINDS.filter((kind) => !kinds.has(kind))).toEqual(pushes ? ['push-by-hand'] : []);
});

test('without a sandbox none of its proxies is to be killed', () => {
  const faults = planSeed(3, { sandbox: false }).faults.map(({ kind }) => kind);
  expect(faults).not.toContain('kill-sandbox-proxy');
});

test.each(BROKEN_BUILDS)('the build $name can be broken as it is meant to be', ({ patches }) => {
  for (const { file, from } of patches) {
    const times = readFileSync(join(CHECKOUT, file), 'utf8').split(from).length - 1;
    expect(times, `${file}: ${from}`).toBe(1);
  }
});
