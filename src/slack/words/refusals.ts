// What is said to somebody whose wish was understood and still cannot be started. Pure.
import { type Refusal, refuse } from '../../errors.ts';
import { formatRepo, type Repo } from '../../job/repo.ts';
import { asCode, oneLine } from '../mrkdwn.ts';
import { link } from '../text-limits.ts';

export function guestsMayNot(): Refusal {
  return refuse(
    'guest',
    'I only take tasks from full members of this workspace. Ask a colleague to send it for you.',
  );
}

export function strangersMayNot(): Refusal {
  return refuse(
    'stranger',
    'I only take tasks from people of my own workspace. Ask somebody there to send it for you.',
  );
}

export function noSuchAccount(login: string): Refusal {
  return refuse(
    'no_such_account',
    `GitHub knows no person ${asCode(login)}. Check the spelling of the login.`,
  );
}

export function linkTaken(login: string, person: string): Refusal {
  return refuse(
    'link_taken',
    `${asCode(login)} is <@${person}> already. Say \`/agent link <@${person}> none\` first if that is wrong.`,
  );
}

export function inviteMe(): Refusal {
  return refuse('not_in_channel', "I'm not in this channel. Type `/invite @Errand` here and send it again.");
}

export function notHere(): Refusal {
  return refuse(
    'not_in_conversation',
    "I can't be part of this conversation. Send it in a channel, or write to me directly (*Apps* → *Errand*).",
  );
}

export function archivedChannel(): Refusal {
  return refuse(
    'archived',
    'This channel is archived. Send it in a channel that is in use, or to me directly.',
  );
}

export function noRepositories(): Refusal {
  return refuse(
    'no_repositories',
    "I can't see any repository yet. Ask whoever runs me to give my GitHub App or token access to one.",
  );
}

export function repositoryOutOfReach(repo: Repo, near: Repo | undefined): Refusal {
  const hint = near
    ? `Did you mean ${asCode(`repo=${formatRepo(near)}`)}?`
    : 'Check the spelling, or give my GitHub App access to it.';
  return refuse('repo_out_of_reach', `I can't see ${asCode(formatRepo(repo))}. ${hint}`);
}

export function noSuchIssue(repo: Repo, number: number): Refusal {
  return refuse(
    'no_such_issue',
    `There is no issue #${number} in ${asCode(formatRepo(repo))}. For another repository: \`/agent fix owner/repo#${number}\`.`,
  );
}

export function closedIssue(issue: { number: number; title: string; url: string }): Refusal {
  return refuse(
    'issue_closed',
    `${link(issue.url, `#${issue.number}`)} "${oneLine(issue.title, 120)}" is closed. Reopen it first, or say what is left to do: \`/agent do <task>\`.`,
  );
}

export function pullNotIssue(pull: { number: number; url: string }): Refusal {
  return refuse(
    'pull_not_issue',
    `${link(pull.url, `#${pull.number}`)} is a pull request, and \`fix\` takes issues. Say what you want of it: \`/agent do <task>\`.`,
  );
}

export function noSuchPull(repo: Repo, number: number): Refusal {
  return refuse(
    'no_such_pull',
    `There is no pull request #${number} in ${asCode(formatRepo(repo))}. For another repository: \`/agent review owner/repo#${number}\`.`,
  );
}

export function closedPull(pull: { number: number; title: string; url: string }): Refusal {
  return refuse(
    'pull_closed',
    `${link(pull.url, `#${pull.number}`)} "${oneLine(pull.title, 120)}" is not open any more. Reopen it first, or ask about it: \`/agent ask <question>\`.`,
  );
}

export function noSuchBranch(repo: Repo, base: string, defaultBranch: string): Refusal {
  return refuse(
    'no_such_branch',
    `${asCode(formatRepo(repo))} has no branch ${asCode(base)}. Leave \`base=\` out to start from ${asCode(defaultBranch)}.`,
  );
}

/** What an agent left there must not decide how the next one works. */
export function ownBranch(base: string): Refusal {
  return refuse(
    'own_branch',
    `${asCode(base)} is the branch of a job, and no job starts from another one's. Reply in its thread to go on there, or leave \`base=\` out.`,
  );
}

export function whichJob(verb: string): Refusal {
  return refuse('which_job', `Which job? Say \`/agent ${verb} J-12\`; \`/agent list\` shows yours.`);
}

export function emptyWords(): Refusal {
  return refuse('empty_words', 'Say in a sentence or two what you want.');
}

export function wordsTooLong(length: number, limit: number): Refusal {
  const say = (count: number) => count.toLocaleString('en-US');
  return refuse(
    'words_too_long',
    `That is ${say(length)} characters, and ${say(limit)} fit. Say it shorter.`,
  );
}

export function noRepositoryChosen(): Refusal {
  return refuse('no_repository', 'Choose the repository to work in.');
}
