// Waiting for the system to be in the middle of something, so that a fault hits there.
import type { Moment } from '../plan.ts';
import type { Stage } from '../stage.ts';
import { slotOf, wordsOf } from '../thread.ts';

/** Nobody waits longer: the moment may never come in this seed. */
const PATIENCE_MS = 4_000;

/** Resolves as soon as such a request arrives at Slack or GitHub, or when it has waited long enough. */
export async function untilMoment(stage: Stage, moment: Moment): Promise<void> {
  const { github, slack } = stage;
  const before = countOf(stage, moment);
  const came = () => countOf(stage, moment) > before;
  const wait = { timeoutMs: PATIENCE_MS };
  const seen =
    moment === 'card' || moment === 'work' || moment === 'result'
      ? slack.waitFor(came, wait)
      : github.waitFor(came, wait);
  await Promise.resolve(seen).catch(() => {});
}

function countOf({ github, slack, channel }: Stage, moment: Moment): number {
  const asked = (method: string, path: RegExp) =>
    github.requests.filter((one) => one.method === method && path.test(one.path)).length;
  switch (moment) {
    case 'push':
      return asked('POST', /git-receive-pack$/);
    case 'open-pull':
      return asked('POST', /\/pulls$/);
    case 'merge':
      return asked('PUT', /\/merge(-async)?$/);
    case 'card':
      return slack.messages(channel).filter((one) => slotOf(one)?.slot === 'card').length;
    case 'work':
      return slack.messages(channel).filter((one) => wordsOf(one).includes('Last: ')).length;
    case 'result':
      return slack.messages(channel).filter((one) => slotOf(one)?.slot.startsWith('result')).length;
  }
}
