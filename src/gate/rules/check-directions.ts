// Which way a setting went: whether it plainly asks for more than before, or may ask for less. In doubt it may. Pure.
import type { Fact } from './check-facts.ts';
import type { CheckFileKind } from './check-files.ts';
import { BUILT, CEILING, MILD, OFF, ON, RANKS, STRICT, THRESHOLD } from './check-settings.ts';

/** Lists of what is passed over. */
const LOOSE =
  /ignore|exclu|skip|disabl|omit|allow|baseline|suppress|nowarn|deselect|norecurse|xfail|except|notaserror|errorsasnote|warningsnotas|todo|quarantine|blacklist|denylist_of_checks|per-file/i;
/** Lists of what is looked at, or by what. */
const TIGHT =
  /^(?:extend-)?(?:select|enable[ds]?|include[sd]?|plugins?|testmatch|testregex|testpaths|files|projects|env_?list|envlist|testsuites?|directory|directories|packages|paths|hooks|rules|linters|repos|reporters|roots|tests?|specs?|specpattern|testdir|modules|require|load|load-plugins|enable_error_code|opt_in_rules|only_rules|analyzer_rules|warn|deny|forbid|needs|jobs|steps|stages)$/i;
/** Such a list only ever adds to what is looked for. */
const ADDS =
  /^(?:extend-select|extend_select|enable\w*|opt_in_rules|analyzer_rules|(?:load-)?plugins?|warn|deny|forbid|hooks|repos|steps|jobs|stages|linters)$/i;
/** Nothing is checked more or less for these. */
const NEUTRAL =
  /^(?:\$schema|name|description|version|title|reporters?|verbose|colou?rs?|cache\w*|cache[-_]dir\w*|max_?workers|workers|threads|pool|(?:fully)?parallel\w*|processes|environment|testenvironment|globals|output\w*|report\w*dir\w*|line-?_?(?:width|length)|max-?_?line-?_?length|indent\w*|quote\w*|semi\w*|target-version|target|python_version|php_?version|ruby_?version|targetrubyversion|go|edition|lang\w*|rev|uses|minimum_pre_commit_version|browsername|viewport|base_?url|headless|screenshot|video|trace|port|url|timezone|locale|author|license|tab_?width|usetabs|trailingcomma|printwidth|endofline|profile|known_first_party|src|cwd|root_?dir|show[-_]source|pretty|tool_?version|show_error_codes|silent|durations|display_?name|log\w*|minversion|style|format\w*|arrowparens|runs-on|python-version|node-version|image|cache-from)$/i;

/** A script of a package may have any name. */
function isNeutral({ under, key = '' }: Fact): boolean {
  return !/^(?:scripts|tasks)$/.test(under[0] ?? '') && NEUTRAL.test(key);
}

/** Parts of a command that only add to what it does. */
const MORE_FLAG =
  /^(?:&&|-v+|-race|-Werror|-Wall|-Wextra|-D|warnings|--strict\S*|--coverage|--cov(?:=\S*)?|--check(?:ed)?|--verbose|--race|--all|--workspace|--all-(?:targets|features)|--(?:max-warnings|max-warnings=0)|0|--fail-on-\S+|--error-on-\S+|--ci|--forbid-only|--frozen-lockfile|--color\S*|--no-color|--reporters?(?:=\S*)?|-ra|-rA|-q|--tb=\S+|--locked|pipefail|--noEmit|--runInBand|--cache|--randomize|-shuffle=on|--detectOpenHandles|--detectLeaks|--parallel|-n|auto|--silent|--durations=\d+|--max-?[wW]orkers(?:=\S+)?|--timeout=\d+|-j\d*|--threads|\d+|--quiet|--log-level=\S+|--bail|-x|--fail-fast|--failed-first)$/;

/** The same but for a number that must be reached, which is higher. */
function raisesOnly(was: string, is: string): boolean {
  const bound =
    /(fail[-_]under|threshold|min\w*|max-warnings|lines|branches|functions|statements)([=: {]+)(\d+)/;
  const [from, to] = [bound.exec(was), bound.exec(is)];
  if (from === null || to === null || was.replace(bound, '') !== is.replace(bound, '')) return false;
  return /^max/.test(from[1] ?? '') ? Number(to[3]) < Number(from[3]) : Number(to[3]) > Number(from[3]);
}

/** A setting that was there and says more now, or the same in other words. */
export function isStricter(was: Fact, is: Fact, kind: CheckFileKind): boolean {
  const { key = '' } = was;
  if (isNeutral(was)) return true;
  const [had, has] = [RANKS[was.value.toLowerCase()], RANKS[is.value.toLowerCase()]];
  const isLoose = isPassedOver(was, kind) || MILD.test(key);
  if (ON.test(is.value) && OFF.test(was.value) && !isNumber(is.value)) return !isLoose && STRICT.test(key);
  if (OFF.test(is.value) && ON.test(was.value) && !isNumber(is.value)) return isLoose;
  if (had !== undefined && has !== undefined && !isNumber(is.value)) return has > had;
  if (isNumber(was.value) && isNumber(is.value)) return isTighter(key, was, is, isLoose);
  return isMoreOf(was.value, is.value);
}

/** What codecov, detekt and others call a threshold may be either. */
function isFloor({ under, key = '' }: Fact): boolean {
  return !/^threshold$/i.test(key) || under.some((each) => /cover|mutat|score|thresholds/i.test(each));
}

function isTighter(key: string, was: Fact, is: Fact, isLoose: boolean): boolean {
  const [from = 0, to = 0] = [was, is].map(({ value }) => Number.parseFloat(value.replaceAll('_', '')));
  if (
    CEILING.test(key) ||
    /max|limit|count|errors|complexity|errorlevel|timeout|retries|retry|reruns/i.test(key) ||
    isLoose
  )
    return to < from;
  return (
    isFloor(is) &&
    (THRESHOLD.test(key) || /min|fail|cover|threshold|branches|lines|functions|statements/i.test(key)) &&
    to > from
  );
}

/** The same command with more behind it. */
export function isMoreOf(was: string, is: string): boolean {
  if (/\|\||;|\bexit\b|set \+|--(?:no-|exit-zero|passWith)/.test(is.replace(was, ''))) return false;
  if (raisesOnly(was, is)) return true;
  if (is.startsWith(`${was} && `) || is.endsWith(` && ${was}`)) return true;
  const left = is.split(' ');
  for (const word of was.split(' ')) {
    const at = left.indexOf(word);
    if (at < 0) return false;
    left.splice(at, 1);
  }
  return left.every((word) => MORE_FLAG.test(word));
}

/** `error`, the first of a rule's list of options. */
export function isLevel({ value }: Fact): boolean {
  return RANKS[value.toLowerCase()] !== undefined && !isNumber(value);
}

/** A setting that is gone, and with it something that was let pass. */
export function isHarmless(gone: Fact, kind: CheckFileKind): boolean {
  const { key = '', value } = gone;
  if (isPassedOver(gone, kind) || isNeutral(gone)) return true;
  return MILD.test(key) ? ON.test(value) : RANKS[value.toLowerCase()] === 0 && key !== '';
}

/** A setting that is new and asks for more. `known` are the places that were there. */
export function isWelcome(come: Fact, known: ReadonlySet<string>, kind: CheckFileKind): boolean {
  const { under, key = '', value } = come;
  if (kind === 'commands') return !DOES_LESS.test(`${key} ${value}`) && !isOptions(come);
  if (kind === 'parts' && /^(?:scripts|tasks)$/.test(under[0] ?? '')) return true;
  if (BUILT.test(value)) return true;
  if (isPassedOver(come, kind)) return OFF.test(value) && key !== '' && !isNumber(value);
  if (NEUTRAL.test(key) || NEUTRAL.test(under.at(-1) ?? '')) return true;
  if (MILD.test(key)) return OFF.test(value);
  const rank = RANKS[value.toLowerCase()];
  if (STRICT.test(key) && (ON.test(value) || rank === 2)) return true;
  if (/^(?:error|warn|warning|deny|forbid|2|1)$/i.test(value)) return true;
  if (isNumber(value) && (THRESHOLD.test(key) || /min|fail|cover|threshold|max/i.test(key))) return true;
  if (key === '' && ADDS.test(under.at(-1) ?? '')) return true;
  if (key === '' && TIGHT.test(under.at(-1) ?? '')) return known.has(JSON.stringify([under, come.key]));
  // Options of a rule that is itself new and on.
  return under.some((each) => /^rules?$/i.test(each)) && rank !== 0 && !OFF.test(value);
}

const DOES_LESS =
  /\bexit\b|\breturn\b|set \+|\|\||\bSKIP|=\s*true$|^if:|\bif:|continue-on-error|allow_failure|\b(?:when|only|except|paths|paths-ignore|branches|branches-ignore|rules|unless):|\btrap\b|\bkill\b|HUSKY|--(?:no-|exit-zero|passWith|ignore|exclude|skip|deselect)|2>\/dev\/null|>\s*\/dev\/null|\bunset\b|\btrue$|ErrorAction/;

/** Options of a program that its commands are started with. */
function isOptions({ under, key = '' }: Fact): boolean {
  return under.length === 0 && /FLAGS$|OPTS$|ARGS$|OPTIONS$|ADDOPTS|^PYTHONOPTIMIZE$/i.test(key);
}

function isPassedOver({ under, key = '' }: Fact, kind: CheckFileKind): boolean {
  return kind === 'passed_over' || LOOSE.test(key) || under.some((each) => LOOSE.test(each));
}

function isNumber(value: string): boolean {
  return /^-?\d[\d_]*(?:\.\d+)?%?$/.test(value);
}
