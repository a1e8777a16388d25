// What is said to somebody whose command could not be read. Each sentence ends in what to type instead. Pure.
import { distance } from 'fastest-levenshtein';
import { type Refusal, refuse } from '../../errors.ts';
import { asCode } from '../mrkdwn.ts';

export function unknownVerb(word: string, near: string | undefined, text: string): Refusal {
  const looksLikeWords = near === undefined && /\s/.test(text.trim());
  const hint =
    near === 'fix' && /^\S*\d+\S*$/.test(word)
      ? `Did you mean ${asCode(`/agent fix ${word}`)}?`
      : near !== undefined
        ? `Did you mean ${asCode(`/agent ${near}${tailOf(text)}`)}?`
        : looksLikeWords
          ? `To hand me a task in words: ${asCode(`/agent do ${text}`, 120)}.`
          : '`/agent help` shows what I understand.';
  return refuse('unknown_verb', `I don't know ${asCode(word, 40)}. ${hint}`);
}

function tailOf(text: string): string {
  const tail = text.trim().replace(/^\S+\s*/, '');
  return tail === '' ? '' : ` ${tail.length > 80 ? `${tail.slice(0, 79)}…` : tail}`;
}

export function emptyTask(): Refusal {
  return refuse('empty_task', 'Tell me what to do, e.g. `/agent do add a test for the login page`.');
}

export function taskTooLong(length: number, limit: number): Refusal {
  const say = (count: number) => count.toLocaleString('en-US');
  return refuse(
    'task_too_long',
    `That is ${say(length)} characters; I take up to ${say(limit)}. Put it into an issue and send \`/agent fix <issue>\`.`,
  );
}

export function noIssue(): Refusal {
  return refuse(
    'no_issue',
    'Which issue? Say `/agent fix #12`, `/agent fix owner/repo#12`, or paste its link. For a task in words: `/agent do <task>`.',
  );
}

export function noPull(): Refusal {
  return refuse(
    'no_pull',
    'Which pull request? Say `/agent review #34`, `/agent review owner/repo#34`, or paste its link.',
  );
}

export function baseOfPull(): Refusal {
  return refuse('base_of_pull', 'A pull request knows its base branch. Send it once more without `base=`.');
}

export function strangeIssue(word: string): Refusal {
  return refuse(
    'strange_issue',
    `I can't read ${asCode(word, 80)} as an issue. Say \`#12\`, \`owner/repo#12\`, or paste the issue's link.`,
  );
}

export function severalIssues(): Refusal {
  return refuse('several_issues', 'One job fixes one issue. Send one `/agent fix <issue>` for each.');
}

export function pullInsteadOfIssue(number: number): Refusal {
  return refuse(
    'pull_not_issue',
    `#${number} is a pull request, and \`fix\` takes issues. Say what you want of it: \`/agent do <task>\`.`,
  );
}

export function notAnIssueLink(): Refusal {
  return refuse(
    'not_an_issue_link',
    "That link isn't an issue. Paste one that ends in `/issues/12`, or say `owner/repo#12`.",
  );
}

export function wrongHost(host: string, expected: string): Refusal {
  return refuse(
    'wrong_host',
    `That issue is on ${asCode(host, 80)}, and I work on ${asCode(expected, 80)} only. Say it in words: \`/agent do <task>\`.`,
  );
}

export function emptyOption(name: string): Refusal {
  const example = name === 'repo' ? 'owner/name' : name === 'base' ? 'main' : `<${name}>`;
  return refuse('empty_option', `\`${name}=\` needs a value right after it, e.g. \`${name}=${example}\`.`);
}

export function unknownOption(name: string, near: string): Refusal {
  return refuse(
    'unknown_option',
    `I don't know the option ${asCode(`${name}=`)}. Did you mean \`${near}=\`?`,
  );
}

export function contradictingOption(name: string, other?: string): Refusal {
  return refuse(
    'contradicting_option',
    other === undefined
      ? `You gave \`${name}=\` twice with different values. Send it once more with only one.`
      : `The issue is in ${asCode(other)}, but \`${name}=\` says something else. Leave \`${name}=\` out.`,
  );
}

export function badOptionValue(name: string, value: string, example: string): Refusal {
  return refuse(
    'bad_option',
    `I can't use ${asCode(value, 80)} as \`${name}\`. Write it like \`${example}\`.`,
  );
}

export function unknownReplyPolicy(written: string): Refusal {
  const near = nearest(written.trim().toLowerCase(), ['all', 'mention', 'requester']);
  return refuse(
    'unknown_replies',
    `Replies can be \`all\`, \`mention\` or \`requester\`.${near ? ` Did you mean \`${near}\`?` : ''}`,
  );
}

export function unknownPlanMode(written: string): Refusal {
  const near = nearest(written.trim().toLowerCase(), ['auto', 'ask', 'off']);
  return refuse(
    'unknown_plan',
    `A plan can be \`auto\` (made and shown), \`ask\` (you approve it first) or \`off\`.${near ? ` Did you mean \`plan=${near}\`?` : ''}`,
  );
}

export function nothingToPlan(): Refusal {
  return refuse(
    'nothing_to_plan',
    'What should I plan? Say `/agent plan #12`, several as `/agent plan #12 #13`, or `/agent plan <task>`.',
  );
}

export function tooManyPlans(count: number, most: number): Refusal {
  return refuse(
    'too_many_plans',
    `That is ${count} issues; I plan up to ${most} at once. Send them in parts.`,
  );
}

export function strangeJobName(verb: string, written: string): Refusal {
  return refuse(
    'strange_job',
    `I can't read ${asCode(written, 60)} as a job. Write it like \`/agent ${verb} J-12\`; \`/agent list\` shows the newest.`,
  );
}

export function strangeListKind(written: string): Refusal {
  const near = nearest(written, ['mine', 'all', 'waiting']);
  return refuse(
    'strange_list',
    `I can list \`mine\`, \`all\` or \`waiting\`.${near ? ` Did you mean \`/agent list ${near}\`?` : ''}`,
  );
}

export function strangeLink(written: string): Refusal {
  return refuse(
    'strange_link',
    `I can't read ${asCode(written, 80)} as a link. Write it like \`/agent link @somebody their-github-login\`, or \`none\` to take it away.`,
  );
}

export function strangeRepo(written: string): Refusal {
  return refuse(
    'strange_repo',
    `I can't read ${asCode(written, 80)} as a repository. Write it like \`/agent repo owner/name\`.`,
  );
}

export function optionsOnlyForTasks(verb: string): Refusal {
  return refuse(
    'options_not_here',
    `\`${verb}\` takes no options; they go with \`fix\` and \`do\`. \`/agent help\` shows each.`,
  );
}

function nearest(word: string, known: readonly string[]): string | undefined {
  return known.find((candidate) => distance(candidate, word) <= 2);
}
