// How risky it would be to merge a change unread, in one word, and why. What is missing, red or odd only ever raises it. Pure.
import type { ChangeSize, Summary } from './change-facts.ts';
import { type CheckResult, isBroken } from './checks.ts';
import type { Finding, GateRule } from './gate-rules.ts';
import { type Review, sayCut } from './review.ts';
import { isGrave, lossOf, runsTests, sayLoss } from './test-loss.ts';

export const RISKS = ['low', 'medium', 'high'] as const;
export type Risk = (typeof RISKS)[number];

/** What a change is judged by. */
export type Evidence = Readonly<{
  /** What the host ran on exactly these files. */
  checks: readonly CheckResult[];
  /** What the fixed rules found and let through. */
  gates: readonly Finding[];
  /** Undefined where none was asked for. */
  review: Review | undefined;
  size: ChangeSize;
  /** What the author says; undefined for a change that is none of ours. */
  summary?: Summary | undefined;
  /** How often a fresh session took over from one whose context was full. */
  handOvers?: number;
  /** What the change could not be held against; absent where it could, or where no plan was wanted. */
  planLack?: PlanLack | undefined;
}>;

/** `missing`: a plan was wanted and none came. `names_no_files`: any file would have fitted it. */
export type PlanLack = 'missing' | 'names_no_files';

/** Something that speaks against a merge; `say` goes on after "Risk: …". */
type Reason = Readonly<{ risk: Exclude<Risk, 'low'>; say: string }>;

/** From here on a change is more than anybody reads in one sitting. */
const LARGE = { files: 15, lines: 400 } as const;

/** So often a session may take over before what the first one knew counts as lost. */
const MOST_HAND_OVERS = 2;

/** `reasons` are all of them, the weightiest first; one says why the risk is low. */
export function weigh(evidence: Evidence): Readonly<{ risk: Risk; reasons: readonly string[] }> {
  const reasons = [
    ...ofChecks(evidence.checks),
    ...ofReview(evidence.review),
    ...ofGates(evidence.gates),
    ...ofSize(evidence.size),
    ...ofAuthor(evidence),
  ];
  const high = reasons.filter(({ risk }) => risk === 'high');
  if (reasons.length === 0)
    return { risk: 'low', reasons: ['all checks are green, and the reviewer has no objection'] };
  return {
    risk: high.length > 0 ? 'high' : 'medium',
    reasons: [...high, ...reasons.filter(({ risk }) => risk !== 'high')].map(({ say }) => say),
  };
}

function ofChecks(checks: readonly CheckResult[]): Reason[] {
  const broken = checks.filter(isBroken);
  const worse = broken.filter(
    ({ newFailures = [], onBase }) => newFailures.length > 0 || onBase === 'failed',
  );
  const outright = broken.filter((check) => !worse.includes(check));
  const unproven = checks.filter((check) => check.outcome !== 'passed' && !isBroken(check));
  const isTested = checks.some(runsTests);
  const notRun = unproven.filter(({ outcome }) => outcome === 'not_run');
  const redBefore = unproven.filter(({ outcome }) => outcome !== 'not_run');
  return [
    ...(outright.length > 0 ? [high(`${nameChecks(outright)} red and was not before`)] : []),
    ...(worse.length > 0 ? [high(`${nameChecks(worse)} red for more than before`)] : []),
    ...checks.flatMap((check) => {
      const loss = lossOf(check);
      if (loss === undefined) return [];
      return [(isGrave(loss) ? high : medium)(`the check ${check.name} ${sayLoss(check)}`)];
    }),
    ...(checks.length === 0 ? [medium('no checks were run')] : []),
    ...(checks.length > 0 && !isTested ? [medium('no tests were run')] : []),
    ...(notRun.length > 0 ? [medium(`${nameChecks(notRun)} not run`)] : []),
    ...(redBefore.length > 0 ? [medium(`${nameChecks(redBefore)} red, as before the change`)] : []),
  ];
}

function ofReview(review: Review | undefined): Reason[] {
  if (review === undefined) return [medium('nobody but its author has looked at it')];
  if (review.outcome === 'objected') return [high('the reviewer objects')];
  if (review.outcome === 'missing') return [medium('the second opinion is missing')];
  const important = review.findings.filter(({ severity }) => severity === 'important').length;
  return [
    ...(important > 0
      ? [medium(`the reviewer found ${important === 1 ? 'something' : `${important} things`} important`)]
      : []),
    ...(review.cut ? [medium(sayCut(review.cut))] : []),
  ];
}

/** What honest changes do as well, in words that say no more than that. */
const SAID_IN_WORDS: readonly (readonly [rule: GateRule, say: string])[] = [
  ['check_changed', 'it changes what is checked'],
  ['test_changed', 'it changes existing tests'],
  ['outside_plan', 'it touches files that its plan does not name'],
];

function ofGates(gates: readonly Finding[]): Reason[] {
  const blocking = rulesOf(gates.filter(({ severity }) => severity === 'block'));
  const others = rulesOf(
    gates.filter(
      ({ rule, severity }) => !SAID_IN_WORDS.some(([name]) => name === rule) && severity === 'warn',
    ),
  );
  const names = `${others.slice(0, 3).join(', ')}${others.length > 3 ? ', …' : ''}`;
  return [
    ...(blocking.length > 0
      ? [high(`the gate found what must not pass unseen (${blocking.join(', ')})`)]
      : []),
    ...(others.length > 0 ? [medium(`the gate found something to look at (${names})`)] : []),
    ...SAID_IN_WORDS.flatMap(([name, say]) =>
      gates.some(({ rule, severity }) => rule === name && severity === 'warn') ? [medium(say)] : [],
    ),
  ];
}

function rulesOf(gates: readonly Finding[]): readonly string[] {
  return [...new Set(gates.map(({ rule }) => rule))];
}

function ofSize({ fileCount, added, deleted }: ChangeSize): Reason[] {
  const lines = added + deleted;
  if (fileCount <= LARGE.files && lines <= LARGE.lines) return [];
  return [medium(`${lines} lines in ${fileCount === 1 ? '1 file' : `${fileCount} files`} are a lot to read`)];
}

function ofAuthor({ summary, handOvers = 0, planLack }: Evidence): Reason[] {
  return [
    ...(planLack === 'missing' ? [medium('no plan came before the work')] : []),
    ...(planLack === 'names_no_files' ? [medium('its plan names no files, so any change would fit it')] : []),
    ...(summary === undefined ? [] : [...ofOwnChecks(summary.checked), ...ofOwnRisks(summary.risks)]),
    ...(handOvers > MOST_HAND_OVERS ? [medium(`the work changed hands ${handOvers} times`)] : []),
  ];
}

/** How people and agents say that something was not checked. */
const UNCHECKED =
  /\bnot at all\b|\bun(?:tested|verified|checked)\b|\bunable to\b|(?:\b(?:not|never|cannot)|n['’]t)\s+(?:\w+\s+){0,2}(?:check|test|run\b|verif|execut|try\b|tried)|\b(?:no|nothing)\b[^.\n]{0,30}\b(?:checked|tested|verified|run|ran|executed)\b|\bran nothing\b|\bskip(?:ped|ping|s)?\b|\bshould work\b|\bonly (?:half|part|some)\b|\bby (?:reading|inspection)\b/i;

/** What is said of failures, but for their absence. */
const FAILING = /(?<!\b(?:no|0|zero|without|without any)\s)\bfail(?:s|ed|ing|ures?)?\b(?!\s*:?\s*0\b)/i;

/** A failure that was there before the change, and no longer is: what a good author shows first. */
const FAILED_BEFORE =
  /\b(?:before|beforehand|at first|on the base|without the (?:fix|change)|reproduce[ds]?)\b/i;
const STILL_FAILS = /\b(?:still|also|too|as well|as before|afterwards?)\b/i;

/** Words that stand where nothing is said. */
const SAYS_NOTHING = /^[\W_]*(?:n\/?a|none|todo|nothing|tbd|not applicable)?[\W_]*$/i;

/** How people and agents say that they see no risk. */
const NO_RISK = /^[\W_]*(?:none|no|n\/?a|nothing|low|minimal|very low)\b/i;

/** What takes that back, or names what people want to know of whatever its author thinks of it. */
const YET =
  /\b(?:but|except|however|though|although|unless|apart from|besides)\b|\b(?:delet|dropp?|remov|disabl|bypass|skip|break|migrat|optional|incompatib|auth|permission|secur|credential|irrevers)/i;

/** An account of how something was checked names a command, a number or what was looked at. */
const ACCOUNT = /[`\d]|\b(?:tests?|tested|ran|run|runs|running|lint|builds?|built|compil|check)/i;
const SHORT_ACCOUNT = 25;

function ofOwnChecks(checked: string): Reason[] {
  if (UNCHECKED.test(checked) || checked.split('\n').some(tellsOfFailure))
    return [medium('the agent says that it did not check all of it, or that something fails')];
  const isNoAccount = checked.trim().length < SHORT_ACCOUNT && !ACCOUNT.test(checked);
  return isNoAccount || SAYS_NOTHING.test(checked)
    ? [medium('the agent does not say how it was checked')]
    : [];
}

function tellsOfFailure(line: string): boolean {
  return FAILING.test(line) && (!FAILED_BEFORE.test(line) || STILL_FAILS.test(line));
}

function ofOwnRisks(risks: string): Reason[] {
  const isNone = risks.trim() === '' || (NO_RISK.test(risks) && !YET.test(risks));
  return isNone ? [] : [medium('the agent names a risk')];
}

function nameChecks(checks: readonly CheckResult[]): string {
  const names = checks.slice(0, 3).map(({ name }) => name);
  const rest = checks.length - names.length;
  const list = `${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return checks.length === 1 ? `the check ${list} is` : `the checks ${list} are`;
}

const high = (say: string): Reason => ({ risk: 'high', say });
const medium = (say: string): Reason => ({ risk: 'medium', say });
