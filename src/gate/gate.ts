// The gate: every rule over every file of a change, weighed as the repository wants it. The same for `errand gate` and for
// the runner before a push.
import {
  ALWAYS_BLOCKS,
  ALWAYS_TOLD,
  type Finding,
  GATE_RULES,
  type GateRule,
  type GateSettings,
} from '../job/gate-rules.ts';
import type { Change, FileChange, Wants } from '../workspace/change.ts';
import type { FileRule, Found } from './found.ts';
import { changedChecks } from './rules/changed-checks.ts';
import { changedHeads } from './rules/changed-heads.ts';
import { changedTests } from './rules/changed-tests.ts';
import { checkCommands, isCommandFile } from './rules/check-commands.ts';
import { isCheckFile } from './rules/check-files.ts';
import { checkSettings, isCheckSettings } from './rules/check-settings.ts';
import { binaries, gitAttributes, largeFiles, unreadable } from './rules/content.ts';
import { copiedCode, lostHashes, startingLines } from './rules/copied-code.ts';
import { deletedTests } from './rules/deleted-tests.ts';
import { links, modes, names, submodules, twins } from './rules/entries.ts';
import { bentTables } from './rules/expected-values.ts';
import { falseMatchers } from './rules/false-matchers.ts';
import { isAttributes } from './rules/generated.ts';
import { guardedFiles } from './rules/guarded-files.ts';
import { hiddenText } from './rules/hidden-text.ts';
import { hollowTests } from './rules/hollow-tests.ts';
import { knowsTests } from './rules/knows-tests.ts';
import { lineManifests, manifestSections, pythonBuild } from './rules/line-manifests.ts';
import { isLockfile } from './rules/lockfile-names.ts';
import { lockfiles } from './rules/lockfiles.ts';
import { isModuleList, lostModules } from './rules/lost-modules.ts';
import { isManifest, isStarter } from './rules/manifest-names.ts';
import { packageManifests } from './rules/manifests.ts';
import { movedAway } from './rules/moved-away.ts';
import { outsidePlan } from './rules/outside-plan.ts';
import { pnpmWorkspace } from './rules/pnpm-settings.ts';
import { redirectedImports } from './rules/redirected-imports.ts';
import { remoteCode } from './rules/remote-code.ts';
import { runnerHooks } from './rules/runner-hooks.ts';
import { isRunnerFile, runnerSettings } from './rules/runner-settings.ts';
import { skippedTests } from './rules/skipped-tests.ts';
import { softenedFiles } from './rules/softened-tests.ts';
import { startedByInstall } from './rules/started-files.ts';
import { storedOutput } from './rules/stored-output.ts';
import { stubbedSubjects } from './rules/stubbed-subjects.ts';
import { suppressions } from './rules/suppressions.ts';
import { swappedSubjects } from './rules/swapped-subjects.ts';
import { testExits } from './rules/test-exits.ts';
import { isSupport } from './rules/test-files.ts';
import { testLabels } from './rules/test-labels.ts';
import { mayHoldTests } from './rules/test-names.ts';
import { DIFF_LIMITS, type DiffLimits, tooLarge } from './rules/too-large.ts';
import { weakenedTests } from './rules/weakened-tests.ts';
import { wrappedTests } from './rules/wrapped-tests.ts';
import { openScan, type Scan } from './secret-scan.ts';
import { findInMessage, findSecrets } from './secrets.ts';

const FILE_RULES: readonly FileRule[] = [
  guardedFiles,
  packageManifests,
  pnpmWorkspace,
  lineManifests,
  manifestSections,
  pythonBuild,
  startedByInstall,
  lockfiles,
  submodules,
  links,
  modes,
  names,
  gitAttributes,
  hiddenText,
  remoteCode,
  binaries,
  largeFiles,
  unreadable,
  deletedTests,
  skippedTests,
  runnerSettings,
  weakenedTests,
  softenedFiles,
  bentTables,
  storedOutput,
  suppressions,
  checkSettings,
  checkCommands,
  movedAway,
  stubbedSubjects,
  swappedSubjects,
  redirectedImports,
  testExits,
  runnerHooks,
  testLabels,
  falseMatchers,
  knowsTests,
  hollowTests,
  changedHeads,
  changedTests,
  wrappedTests,
  changedChecks,
  lostModules,
  copiedCode,
  startingLines,
  lostHashes,
];

/** Nobody reads more; the numbers of a rule's findings are told. */
const MOST_PER_RULE = 50;
/** Those that catch any change must leave room for the others. */
const FEWER: Readonly<Record<string, number>> = { test_changed: 5, check_changed: 3 };

/** The texts that rules need beyond added lines. */
export const GATE_WANTS: Wants = {
  whole: (path, mode) =>
    mode === '120000' ||
    isLockfile(path) ||
    isManifest(path) ||
    [
      isAttributes,
      mayHoldTests,
      isSupport,
      isRunnerFile,
      isCheckSettings,
      isCommandFile,
      isCheckFile,
      isModuleList,
    ].some((isWanted) => isWanted(path)),
  beside: (path) => isStarter(path) || isAttributes(path),
};

/** What a change is held against besides the rules: the files that its plan names, and how large it may be. */
export type Measure = Readonly<{ plannedFiles?: readonly string[]; diffLimits?: Partial<DiffLimits> }>;

/** Judges a change: all there is, in no order that matters. `onFile` hears which file is looked at before it is. */
export async function judge(
  change: Change,
  settings: GateSettings = {},
  { plannedFiles, diffLimits, onFile = () => {} }: Measure & { onFile?: (file: string) => void } = {},
): Promise<readonly Finding[]> {
  const found: Found[] = change.gaps.map((say) => ({ rule: 'not_read', path: '.', severity: 'block', say }));
  found.push(
    ...twins(change.files, change.beside.names),
    ...outsidePlan(change, plannedFiles),
    ...tooLarge(change, { ...DIFF_LIMITS, ...diffLimits }),
  );
  const isEmpty = change.files.length + change.interim.length + change.messages.length === 0;
  const scan: Scan = isEmpty ? async () => [] : await openScan();
  for (const file of change.files) {
    onFile(escapeName(file.path));
    found.push(
      ...FILE_RULES.flatMap((rule) => rule(file, change)),
      ...(await findSecrets(scan, file, false)),
    );
  }
  for (const message of change.messages) found.push(...(await findInMessage(scan, message)));
  for (const file of change.interim) {
    onFile(escapeName(file.path));
    found.push(...inHistory(file, change), ...(await findSecrets(scan, file, true)));
  }
  return withoutRepeats(found.flatMap((one) => weigh(one, settings)));
}

/** Whoever is told that all of a file counts needs no word about the lines of it. */
const SAID_BY: Readonly<Partial<Record<GateRule, readonly GateRule[]>>> = {
  test_changed: ['deleted_test'],
  check_changed: ['workflow'],
};

function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const said = new Set(findings.map(({ rule, file }) => `${rule} ${file}`));
  return findings.filter(({ rule, file }) => {
    const by = Object.entries(SAID_BY).find(([name]) => name === rule)?.[1] ?? [];
    return !by.some((each) => said.has(`${each} ${file}`));
  });
}

/** What harms by being in the history alone, although the end no longer holds it. */
function inHistory(file: FileChange, change: Change): Found[] {
  return [...largeFiles(file, change), ...names(file, change)]
    .filter(({ severity }) => severity === 'block')
    .map((found) => ({ ...found, say: `${found.say.replace(/\.$/, '')} (a commit of the range holds it).` }));
}

function weigh({ path, about: _, ...found }: Found, settings: GateSettings): Finding[] {
  const wanted = ALWAYS_BLOCKS.includes(found.rule) ? undefined : settings[found.rule];
  if (wanted === 'off' && !ALWAYS_TOLD.includes(found.rule)) return [];
  const severity = wanted === 'off' ? 'warn' : (wanted ?? found.severity);
  return [{ ...found, file: escapeName(path), severity }];
}

/** As people read it: blocking findings first, in the order of the rules, and of each rule no more than anybody reads. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  // Rules in the order of their table.
  const order = Object.keys(GATE_RULES);
  const kept = order.flatMap((rule) => {
    const all = findings.filter((finding) => finding.rule === rule);
    const most = FEWER[rule] ?? MOST_PER_RULE;
    const rest = all.length - most;
    const last = all.at(-1);
    if (rest <= 0 || last === undefined) return all;
    const severity = all.some((one) => one.severity === 'block') ? 'block' : 'warn';
    return [
      ...all.slice(0, most),
      {
        rule,
        file: '.',
        severity,
        say: `${rest} more files or lines like these${namesOf(all.slice(most))}.`,
      } as const,
    ];
  });
  return kept.toSorted((a, b) => Number(a.severity === 'warn') - Number(b.severity === 'warn'));
}

const MOST_NAMED = 5;

/** A few of the files that are left out of a list. */
function namesOf(findings: readonly Finding[]): string {
  const names = [...new Set(findings.map(({ file }) => file))].slice(0, MOST_NAMED);
  return names.length === 0 || findings.length > MOST_NAMED ? '' : `: ${names.join(', ')}`;
}

/** Names may hold line ends and characters that turn text around. */
export function escapeName(path: string): string {
  return path.replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

export function isBlocked(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'block');
}
