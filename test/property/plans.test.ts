// Whatever happens to a job in whatever order: no plan is approved but by somebody who ran it, and none waits for nobody.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isRefusal } from '../../src/errors.ts';
import { isFinal, type Job } from '../../src/job/job.ts';
import type { JobPlan } from '../../src/job/plan.ts';
import { awaited } from '../../src/job/planning.ts';
import { recipeFor } from '../../src/job/recipe.ts';
import { type JobEvent, transition } from '../../src/job/transition.ts';
import { EVENTS, NOW, OUTSIDE_EVENTS, PLAN_EVENTS } from '../support/job-events.ts';
import { SAMPLE_PLAN, sampleJob } from '../support/sample-job.ts';

const questions = [
  { question: 'Which?', proposals: ['This', 'That'] },
  { question: 'Why?', proposals: ['So'] },
];
const shapes: readonly Partial<JobPlan>[] = [{}, { questions }, { tasks: ['One', 'Another'] }];

/** As runners and people bring them about; what a runner says is about the turn that runs. */
const happening = fc.oneof(
  fc
    .constantFrom(...Object.values({ ...EVENTS, ...OUTSIDE_EVENTS, ...PLAN_EVENTS }))
    .map((event) => () => event),
  fc
    .record({
      shape: fc.constantFrom(...shapes),
      state: fc.constantFrom('auto' as const, 'waiting' as const),
    })
    .map(
      ({ shape, state }) =>
        ({ turn }: Job): JobEvent => ({
          type: 'learned',
          plan: { ...SAMPLE_PLAN, ...shape, state, turn },
        }),
    ),
  fc.constant(({ turn, plan }: Job): JobEvent => {
    const outcome = plan?.state === 'waiting' && plan.turn === turn ? 'plan' : 'answer';
    return { type: 'turn_ended', result: { turn, outcome, endedAt: NOW.toISOString(), usage: {} } };
  }),
  fc
    .record({ question: fc.nat(2), proposal: fc.nat(2), turn: fc.integer({ min: 1, max: 4 }) })
    .map((choice) => (): JobEvent => ({ type: 'plan_answered', by: 'U0BOB', ...choice })),
  fc.boolean().map(
    (asOne) =>
      ({ turn }: Job): JobEvent => ({
        type: 'plan_run',
        by: 'U0BOB',
        turn,
        ...(asOne ? { asOne } : {}),
      }),
  ),
);

test('a plan is approved by a person alone, and turns only go forward', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      let job = sampleJob();
      for (const happens of happenings) {
        const event = happens(job);
        const next = transition(job, event, NOW);
        if (isRefusal(next)) continue;
        const isNewlyApproved = next.plan?.state === 'approved' && job.plan?.state !== 'approved';
        expect(!isNewlyApproved || (event.type === 'plan_run' && next.plan?.approvedBy === event.by)).toBe(
          true,
        );
        expect(next.turn).toBeGreaterThanOrEqual(job.turn);
        expect(isFinal(job.status)).toBe(false);
        // What waits for people is held by no runner, and what they run is never planned past them.
        if (awaited(next)) expect(next.phase ?? next.workId).toBeUndefined();
        const works = recipeFor({ ...next, kind: 'do' }).some((step) => step.do === 'implement');
        const isUndecided = next.plan?.state === 'waiting' && next.plan.turn === next.turn;
        expect(works && isUndecided).toBe(false);
        job = next;
      }
    }),
    { numRuns: 300 },
  );
});
