// What people and checks say of an open pull, and turns that came of it. Small pure functions, the voice of a calm colleague.
import { MOST_FOLLOWED } from '../../job/follow-up.ts';
import { type Job, jobName, type TurnResult } from '../../job/job.ts';
import { fitMrkdwn, link } from '../text-limits.ts';

/** More names than this help nobody. */
const MOST_NAMED = 4;

/** Lines for the card and for the newest result, beside those about what people did. */
export function followLines(job: Job): readonly string[] {
  const { outdated, red, closed } = job.outside ?? {};
  const isOpen = job.status === 'in_review' || job.status === 'failed';
  return [
    ...(outdated && isOpen && !closed ? [outdatedLine(job, outdated.how)] : []),
    ...(red && red.sha === job.pull?.headSha ? [redLine(red)] : []),
    ...(job.followed?.over && isOpen ? [overLine(job, job.followed.over)] : []),
    ...(job.muted ? [mutedLine(job)] : []),
  ];
}

/** What a turn was for, where that was not said in Slack; for its result. */
export function occasionLine({ occasion, remarks }: TurnResult): string | undefined {
  if (remarks) {
    const { addressed, answered, declined, missing, untouched = 0, unanswered = [] } = remarks;
    const counts = [
      ...(addressed > 0 ? [`${addressed} addressed`] : []),
      ...(answered > 0 ? [`${answered} answered`] : []),
      ...(declined > 0 ? [`${declined} declined`] : []),
      ...(missing > 0 ? [`*${missing} without an answer*`] : []),
    ];
    const open = unanswered.map(({ author, url, path }) =>
      link(url, path ? `${author} on ${path}` : author, 80),
    );
    const more = missing > open.length ? ', …' : '';
    const which =
      open.length > 0 ? ` Still open: ${open.join(', ')}${more}; the next turn has them again.` : '';
    return `:speech_balloon: Comments on GitHub: ${counts.join(', ')}.${untouchedWords(untouched)}${which}`;
  }
  switch (occasion?.kind) {
    case 'checks':
      return `:rotating_light: For checks that were red at \`${occasion.sha.slice(0, 7)}\`: ${nameSome(occasion.red.map(({ name }) => name))}.`;
    case 'update':
      return ':arrows_counterclockwise: For *Update branch*.';
    default:
      return undefined;
  }
}

function untouchedWords(count: number): string {
  if (count === 0) return '';
  const said = count === 1 ? '1 of them is' : `${count} of them are`;
  return ` ${said} said to be done, in a file that this turn did not change: the thread stays open.`;
}

export function muted(job: Pick<Job, 'id'>): string {
  return `${jobName(job)} is muted: nothing that happens on GitHub starts a turn. Words here still do; \`/agent unmute ${jobName(job)}\` ends it.`;
}

export function unmuted(job: Pick<Job, 'id'>): string {
  return `${jobName(job)} listens to GitHub again, and takes up what was said there meanwhile.`;
}

function outdatedLine({ base }: Job, how: 'conflicts' | 'behind'): string {
  const name = `\`${fitMrkdwn(base.replaceAll('`', "'"), 120)}\``;
  return how === 'conflicts'
    ? `:warning: The branch conflicts with ${name}. *Update branch* lets the agent merge it.`
    : `:warning: ${name} went on, and GitHub wants the branch up to date before it merges. *Update branch* does that.`;
}

function redLine({ names, known }: NonNullable<NonNullable<Job['outside']>['red']>): string {
  const ours = names.filter((name) => !known.includes(name));
  const told = [
    ...(ours.length > 0 ? [`red on GitHub: ${nameSome(ours)}`] : []),
    ...(known.length > 0 ? [`red on the base as well: ${nameSome(known)}`] : []),
  ];
  return `:rotating_light: Checks ${told.join('; ')}.`;
}

function overLine(job: Job, over: 'turns' | 'checks'): string {
  return over === 'checks'
    ? `:raised_hand: I tried ${MOST_FOLLOWED.checks} times to mend them and leave it to you now. Reply here to let me try again.`
    : `:raised_hand: Those were ${MOST_FOLLOWED.turns} turns in a row for what happened on GitHub, so I wait for a word here. Reply to go on, or \`/agent mute ${jobName(job)}\`.`;
}

function mutedLine(job: Job): string {
  return `:mute: Muted: nothing on GitHub starts a turn. \`/agent unmute ${jobName(job)}\` ends it.`;
}

function nameSome(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).map((name) => `\`${fitMrkdwn(name.replaceAll('`', "'"), 80)}\``);
  const rest = names.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
