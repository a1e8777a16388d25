// The grammar of `/agent …` and `@Errand …`. Pure: decoded words in, a command or a refusal out.
import { distance } from 'fastest-levenshtein';
import { isRefusal, type Refusal } from '../errors.ts';
import { parseJobName, type ReplyPolicy, replyPolicySchema } from '../job/job.ts';
import { formatRepo, type Repo, sameRepo } from '../job/repo.ts';
import { type IssueRef, parseFixWords } from './parse-issue.ts';
import {
  OPTION_START,
  type Options,
  parseRepoReference,
  refuseUnknownOption,
  takeOptions,
  unwrap,
} from './parse-options.ts';
import { parsePlan } from './parse-plan.ts';
import { parsePullWords } from './parse-pull.ts';
import {
  baseOfPull,
  contradictingOption,
  emptyTask,
  noIssue,
  noPull,
  optionsOnlyForTasks,
  severalIssues,
  strangeJobName,
  strangeLink,
  strangeListKind,
  strangeRepo,
  taskTooLong,
  unknownReplyPolicy,
  unknownVerb,
} from './words/mistakes.ts';

/** Longest task in characters; anything longer belongs into an issue. */
const TASK_LIMIT = 8_000;

export type ListKind = 'mine' | 'all' | 'waiting';

/** A wish that makes a job. */
export type WorkCommand =
  | Readonly<{ kind: 'fix'; issue: IssueRef; task: string; options: Options }>
  | Readonly<{ kind: 'do'; task: string; options: Options }>
  | Readonly<{ kind: 'ask'; task: string; options: Options }>
  | Readonly<{ kind: 'review'; pull: IssueRef; task: string; options: Options }>;

export type Command =
  | WorkCommand
  /** Each stops at its plan. */
  | Readonly<{ kind: 'plan'; wishes: readonly WorkCommand[] }>
  | Readonly<{ kind: 'status' | 'audit'; jobId?: number }>
  | Readonly<{ kind: 'list'; which: ListKind }>
  | Readonly<{ kind: 'stop' | 'retry'; jobId?: number }>
  /** Without a repository: which one is it now? */
  | Readonly<{ kind: 'repo'; repo?: Repo }>
  | Readonly<{ kind: 'replies'; policy?: ReplyPolicy }>
  /** Without a person: whose am I? Without a login: take the link away. */
  | Readonly<{ kind: 'link'; person?: string; login?: string }>
  | Readonly<{ kind: 'help' }>;

const VERBS = [
  'fix',
  'do',
  'ask',
  'review',
  'plan',
  'status',
  'audit',
  'list',
  'stop',
  'retry',
  'repo',
  'replies',
  'link',
  'help',
] as const;
type Verb = (typeof VERBS)[number];

/**
 * Reads a command. `freeWords` (mentions, direct messages): whatever is no command is a task, and a verb counts only
 * where all its words fit, so that "stop the spinner from flashing" is a task. Without it they are refused.
 */
export function parseCommand(
  written: string,
  options: { freeWords: boolean; serverUrl: string },
): Command | Refusal {
  const text = optionsLast(withoutWholeCode(written.trim()));
  if (text.length > TASK_LIMIT) return taskTooLong(text.length, TASK_LIMIT);
  const [, word = '', tail = ''] = /^(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  if (word === '') return { kind: 'help' };
  const verb = VERBS.find((known) => known === word.toLowerCase().replace(/[:,]$/, ''));
  if (verb === undefined) return parseWithoutVerb(text, { ...options, word, tail });
  if (verb === 'do') return parseTask(tail, options.serverUrl);
  if (verb === 'ask' && (!options.freeWords || isQuestion(tail)))
    return parseTask(tail, options.serverUrl, 'ask');
  if (verb === 'ask') return parseTask(text, options.serverUrl);
  if (verb === 'review') return parseReview(text, tail, options);
  if (verb === 'fix') return parseFix(text, tail, options.serverUrl);
  if (verb === 'plan') return parsePlan(tail, options.serverUrl);
  const command = parseManagement(verb, tail, options.serverUrl);
  return isRefusal(command) && options.freeWords ? parseTask(text, options.serverUrl) : command;
}

/** People paste a command as code: the backticks around all of it mean nothing. */
function withoutWholeCode(text: string): string {
  return /^`([^`]+)`$/.exec(text)?.[1]?.trim() ?? text;
}

/** `repo=acme/shop fix 12` opens with an option instead of a verb. */
function optionsLast(text: string): string {
  const [, options, rest] =
    new RegExp(`^((?:${OPTION_START}\\S*\\s+)+)(\\S[\\s\\S]*)$`, 'i').exec(text) ?? [];
  return options === undefined || rest === undefined ? text : `${rest} ${options.trim()}`;
}

function parseWithoutVerb(
  text: string,
  given: { freeWords: boolean; serverUrl: string; word: string; tail: string },
): Command | Refusal {
  const near = nearestVerb(given.word);
  if (!given.freeWords) {
    const reading = parseFixWords(text, given.serverUrl);
    return unknownVerb(given.word, reading.kind === 'issue' ? 'fix' : near, text);
  }
  // A misspelt command among free words is only suspected where the rest looks like one, too.
  const shape = /^(?:#?\d+|\S+\/\S+#\d+|j-?\d+|mine|all|waiting)?$/i;
  if (near !== undefined && shape.test(given.tail)) return unknownVerb(given.word, near, text);
  return parseTask(text, given.serverUrl);
}

function nearestVerb(word: string): Verb | undefined {
  const lower = word.toLowerCase();
  const ranked = VERBS.map((verb) => ({ verb, far: distance(verb, lower) })).sort((a, b) => a.far - b.far);
  const best = ranked[0];
  return best && best.far <= (lower.length <= 3 ? 1 : 2) ? best.verb : undefined;
}

/** Among free words “ask the user before deleting” is a task. */
function isQuestion(text: string): boolean {
  return (
    text.includes('?') || /^(how|why|what|where|when|who|which|does|do|is|are|can|could|should)\b/i.test(text)
  );
}

function parseTask(text: string, serverUrl: string, kind: 'do' | 'ask' = 'do'): Command | Refusal {
  const taken = takeOptions(text, serverUrl);
  if (isRefusal(taken)) return taken;
  // Letters or digits of any script: a lone `…` or emoji says nothing that could be done.
  if (!/[\p{L}\p{N}]/u.test(taken.rest)) return emptyTask();
  return { kind, task: taken.rest, options: taken.options };
}

function parseFix(text: string, tail: string, serverUrl: string): Command | Refusal {
  const taken = takeOptions(tail, serverUrl);
  if (isRefusal(taken)) return taken;
  if (taken.rest === '') return noIssue();
  const reading = parseFixWords(taken.rest, serverUrl);
  if (reading.kind === 'mistake') return reading.refusal;
  // "fix the login bug" names no issue, and is still perfectly clear.
  if (reading.kind === 'words') return parseTask(text, serverUrl);
  const { issue, rest } = reading;
  const words = rest === '' ? [] : rest.split(/\s+/);
  const misspelt = refuseUnknownOption(words);
  if (misspelt) return misspelt;
  if (words.length > 0 && words.every((word) => /^(?:\S+\/\S+)?#?\d+,?$|^and$|^,$/.test(word))) {
    return severalIssues();
  }
  const { options } = taken;
  if (issue.repo && options.repo && !sameRepo(issue.repo, options.repo)) {
    return contradictingOption('repo', formatRepo(issue.repo));
  }
  return { kind: 'fix', issue, task: rest, options };
}

/** Among free words “review the login page” is a task. */
function parseReview(
  text: string,
  tail: string,
  { freeWords, serverUrl }: { freeWords: boolean; serverUrl: string },
): Command | Refusal {
  const taken = takeOptions(tail, serverUrl);
  if (isRefusal(taken)) return taken;
  const { options, rest } = taken;
  const named = parsePullWords(rest, serverUrl);
  if (named === undefined) return freeWords ? parseTask(text, serverUrl) : noPull();
  const { pull, rest: task } = named;
  if (pull.repo && options.repo && !sameRepo(pull.repo, options.repo))
    return contradictingOption('repo', formatRepo(pull.repo));
  if (options.base !== undefined) return baseOfPull();
  return { kind: 'review', pull, task, options };
}

function parseManagement(
  verb: Exclude<Verb, 'fix' | 'do' | 'ask' | 'review' | 'plan'>,
  tail: string,
  serverUrl: string,
): Command | Refusal {
  const words = tail.split(/\s+/).filter((word) => word !== '');
  const [raw, extra] = words;
  const argument = raw === undefined ? undefined : unwrap(raw);
  if (refusesOptions(words)) return optionsOnlyForTasks(verb);
  switch (verb) {
    case 'help':
      return extra === undefined ? { kind: 'help' } : unknownVerb(verb, 'help', `${verb} ${tail}`);
    case 'status':
    case 'audit':
    case 'stop':
    case 'retry': {
      if (argument === undefined) return { kind: verb };
      const jobId = extra === undefined ? parseJobName(argument) : undefined;
      return jobId === undefined ? strangeJobName(verb, tail) : { kind: verb, jobId };
    }
    case 'list':
      return parseList(argument?.toLowerCase(), extra === undefined ? tail : '…');
    case 'repo': {
      if (argument === undefined) return { kind: 'repo' };
      const repo = extra === undefined ? parseRepoReference(argument, serverUrl) : undefined;
      return repo === undefined ? strangeRepo(tail) : { kind: 'repo', repo };
    }
    case 'link':
      return parseLink(words.map(unwrap), tail);
    case 'replies': {
      if (argument === undefined) return { kind: 'replies' };
      const policy =
        extra === undefined ? replyPolicySchema.safeParse(argument.toLowerCase()).data : undefined;
      return policy === undefined ? unknownReplyPolicy(tail) : { kind: 'replies', policy };
    }
  }
}

/** GitHub's own rule for logins. */
const LOGIN = /^@?([a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38})$/i;

function parseLink([who, login, extra]: readonly string[], written: string): Command | Refusal {
  if (who === undefined) return { kind: 'link' };
  const person = /^<?@([UW][A-Z0-9]{2,})(?:\|[^>]*)?>?$/.exec(who)?.[1];
  if (person === undefined || login === undefined || extra !== undefined) return strangeLink(written);
  if (login.toLowerCase() === 'none') return { kind: 'link', person };
  const name = LOGIN.exec(login)?.[1];
  return name === undefined ? strangeLink(written) : { kind: 'link', person, login: name };
}

function refusesOptions(words: readonly string[]): boolean {
  return words.some((word) => new RegExp(`^${OPTION_START}`, 'i').test(word));
}

function parseList(which: string | undefined, written: string): Command | Refusal {
  if (which === undefined) return { kind: 'list', which: 'mine' };
  if (written !== '…' && (which === 'mine' || which === 'all' || which === 'waiting')) {
    return { kind: 'list', which };
  }
  return strangeListKind(which);
}
