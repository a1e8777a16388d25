// The words of Slack's own task cards and of what is left where one cannot be taken away.
import type { Phase } from '../../job/job.ts';

export const PHASE_TITLES: Readonly<Record<Phase, string>> = {
  prepare: 'Get the code ready',
  plan: 'Plan',
  implement: 'Work',
  check: 'Check',
  review: 'Review',
  publish: 'Open the pull request',
  answer: 'Look for the answer',
  remember: 'Write down what was learned',
};

/** In the place of a stream that Slack lets nobody delete. */
export function streamEnded(): string {
  return 'The card of this job says how it goes on.';
}
