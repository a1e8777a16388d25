// The options of a command (`repo= base= agent= model= profile= plan= replies=`), taken out of its words. Pure.
import { distance } from 'fastest-levenshtein';
import { isRefusal, type Refusal } from '../errors.ts';
import { type ReplyPolicy, replyPolicySchema } from '../job/job.ts';
import { type PlanMode, planModeSchema } from '../job/plan.ts';
import { parseRepo, type Repo, sameRepo } from '../job/repo.ts';
import { mapOutsideCode } from './decode.ts';
import {
  badOptionValue,
  contradictingOption,
  emptyOption,
  unknownOption,
  unknownPlanMode,
  unknownReplyPolicy,
} from './words/mistakes.ts';

export type Options = Readonly<{
  repo?: Repo;
  base?: string;
  agent?: string;
  model?: string;
  profile?: string;
  plan?: PlanMode;
  replies?: ReplyPolicy;
}>;

export const OPTION_NAMES = ['repo', 'base', 'agent', 'model', 'profile', 'plan', 'replies'] as const;
type OptionName = (typeof OPTION_NAMES)[number];

/** The start of an option: its name behind whatever dashes; phones turn `--` into one, and capitalise first letters. */
export const OPTION_START = `[-\\u2013\\u2014]*(?:${OPTION_NAMES.join('|')})=`;

// A word of its own.
const OPTION = new RegExp(`(?<=^|\\s)(${OPTION_START})(\\S*)(?=\\s|$)`, 'gi');

/** What is left of the words, and the options that stood among them (never inside code). */
export function takeOptions(
  text: string,
  serverUrl: string,
): Readonly<{ rest: string; options: Options }> | Refusal {
  const found: { name: OptionName; value: string }[] = [];
  const rest = mapOutsideCode(joinQuotedValues(text), (part) =>
    part.replace(OPTION, (_whole, start: string, value: string) => {
      const name = start
        .replace(/^[^a-z]*/i, '')
        .slice(0, -1)
        .toLowerCase();
      found.push({ name: OPTION_NAMES.find((known) => known === name) ?? 'repo', value });
      return '';
    }),
  );
  let options: Options = {};
  for (const { name, value } of found) {
    const next = addOption(options, { name, value: unwrap(value), serverUrl });
    if (isRefusal(next)) return next;
    options = next;
  }
  const tidy = found.length === 0 ? rest : rest.replace(/[ \t]{2,}/g, ' ').replace(/[ \t]+$/gm, '');
  return { rest: tidy.trim(), options };
}

/** Where only options may stand, a word such as `bas=main` is a misspelt one. */
export function refuseUnknownOption(words: readonly string[]): Refusal | undefined {
  for (const word of words) {
    const name = /^[-\u2013\u2014]*([a-z_-]{2,12})=/i.exec(word)?.[1]?.toLowerCase();
    if (name === undefined) continue;
    const near = OPTION_NAMES.find((known) => distance(known, name) <= 2);
    if (near !== undefined) return unknownOption(name, near);
  }
  return undefined;
}

/** Takes quotes, backticks and the sentence's own punctuation off a value. */
export function unwrap(value: string): string {
  return value.replace(/[.,;:!?)]+$/, '').replace(/^[`'"]+|[`'"]+$/g, '');
}

/** A value in backticks is a value all the same: repo=`acme/shop`. */
function joinQuotedValues(text: string): string {
  return text.replace(new RegExp(`(?<=^|\\s)(${OPTION_START})\`([^\`\\s]+)\``, 'gi'), '$1$2');
}

function addOption(
  options: Options,
  given: { name: OptionName; value: string; serverUrl: string },
): Options | Refusal {
  const { name, value } = given;
  if (value === '') return emptyOption(name);
  switch (name) {
    case 'repo': {
      const repo = parseRepoReference(value, given.serverUrl);
      if (repo === undefined) return badOptionValue('repo', value, 'repo=owner/name');
      if (options.repo && !sameRepo(options.repo, repo)) return contradictingOption('repo');
      return { ...options, repo };
    }
    case 'replies': {
      const policy = replyPolicySchema.safeParse(value.toLowerCase()).data;
      if (policy === undefined) return unknownReplyPolicy(value);
      if (options.replies && options.replies !== policy) return contradictingOption('replies');
      return { ...options, replies: policy };
    }
    case 'plan': {
      const mode = planModeSchema.safeParse(value.toLowerCase()).data;
      if (mode === undefined) return unknownPlanMode(value);
      if (options.plan && options.plan !== mode) return contradictingOption('plan');
      return { ...options, plan: mode };
    }
    default: {
      if (!PLAIN[name].test(value)) return badOptionValue(name, value, `${name}=${EXAMPLE[name]}`);
      if (options[name] !== undefined && options[name] !== value) return contradictingOption(name);
      return { ...options, [name]: value };
    }
  }
}

// Git's rules for branch names (git-check-ref-format), and what agents and models are called in practice.
const PLAIN = {
  base: /^(?![-./])(?!.*(?:\.\.|@\{|\/\/|\.lock$|\/$))[^\s~^:?*[\\\p{Cc}]{1,200}$/u,
  agent: /^[\w.-]{1,64}$/,
  model: /^[\w.:/@+[\]-]{1,200}$/,
  profile: /^[a-z0-9][a-z0-9_-]{0,39}$/i,
} as const;
const EXAMPLE = { base: 'main', agent: 'claude', model: 'opus', profile: 'backend' } as const;

/** Reads `owner/name` or the repository's own address on `serverUrl`. */
export function parseRepoReference(text: string, serverUrl: string): Repo | undefined {
  const prefix = `${serverUrl.replace(/\/+$/, '')}/`;
  const path = text.toLowerCase().startsWith(prefix.toLowerCase()) ? text.slice(prefix.length) : text;
  return parseRepo(path.replace(/\/+$/, '').replace(/\.git$/i, ''));
}
