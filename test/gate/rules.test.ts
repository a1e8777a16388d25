// Each rule of the gate catches its fixture and leaves its innocent twin alone. A process of git takes longer than all rules
// together: what git says of a tree is worked out here, and a sample of every file of cases shows, through the command and over
// real git objects, that it says the same.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GATE_WANTS, judge, sortFindings } from '../../src/gate/gate.ts';
import { type Finding, GATE_RULES } from '../../src/job/gate-rules.ts';
import { NO_REPO_SETTINGS, parseRepoSettings, readDiffLimits } from '../../src/job/repo-settings.ts';
import { changeOf } from '../support/change-of.ts';
import { createGateRepository, type GateRepository, type Tree } from '../support/gate-repository.ts';
import { BENT_CASES } from './bent-cases.ts';
import { type Case, COMMON, FILE_CASES, type Step } from './cases.ts';
import { CHANGE_CASES } from './change-cases.ts';
import { CHECK_CASES } from './check-cases.ts';
import { COMMAND_CASES } from './command-cases.ts';
import { CONTENT_CASES } from './content-cases.ts';
import { ENCODED_CASES } from './encoded-cases.ts';
import { HARMLESS_CASES } from './harmless-cases.ts';
import { INSTALL_CASES } from './install-cases.ts';
import { LINK_CASES, MORE_GUARDS } from './link-cases.ts';
import { LOCK_FORMAT_CASES } from './lock-format-cases.ts';
import { LOCKFILE_CASES } from './lockfile-cases.ts';
import { PLAN_CASES } from './plan-cases.ts';
import { RUNNER_CASES } from './runner-cases.ts';
import { SKIP_CASES } from './skip-cases.ts';
import { TEST_CASES } from './test-cases.ts';
import { WEAKEN_CASES } from './weaken-cases.ts';

/** What only git knows: names that are no UTF-8, and which files are alike. */
const NEEDS_GIT: ReadonlySet<string> = new Set([
  'a name that is no UTF-8',
  'a key that stood there already is not added',
  'a large file',
]);

const TREE_CASES = [
  FILE_CASES,
  LINK_CASES,
  MORE_GUARDS,
  INSTALL_CASES,
  LOCKFILE_CASES,
  LOCK_FORMAT_CASES,
  CONTENT_CASES,
  TEST_CASES,
  HARMLESS_CASES,
  ENCODED_CASES,
  PLAN_CASES,
];
/** Judged without git elsewhere (`honest-rules`). */
const TEXT_CASES = [
  SKIP_CASES,
  WEAKEN_CASES,
  BENT_CASES,
  RUNNER_CASES,
  CHECK_CASES,
  COMMAND_CASES,
  CHANGE_CASES,
];

/** One of so many goes through git, and the first of each rule. */
const SAMPLE = 40;
const ALL = [...TREE_CASES, ...TEXT_CASES].flat();
const SAMPLED = ALL.filter(
  (one, at) =>
    at % SAMPLE === 0 || ALL.findIndex(({ rule }) => rule === one.rule) === at || NEEDS_GIT.has(one.name),
);

/** An addition stands beside what was there. */
function treesOf({ before = {}, after }: Step): readonly [before: Tree, after: Tree] {
  return [
    { ...COMMON, ...before },
    { ...COMMON, ...after },
  ];
}

function judgeWithoutGit(step: Step, { plan, config }: Pick<Case, 'plan' | 'config'>) {
  const [before, after] = treesOf(step);
  const given = config === undefined ? undefined : parseRepoSettings(config);
  const { gates, limits } = given?.kind === 'settings' ? given.settings : NO_REPO_SETTINGS;
  const measure = { diffLimits: readDiffLimits(limits), ...(plan ? { plannedFiles: plan } : {}) };
  return judge(changeOf(before, after, GATE_WANTS), gates, measure);
}

function expectCaught(findings: readonly Finding[], { rule, file, severity = 'block' }: Case): void {
  const own = findings.filter((finding) => finding.rule === rule);
  expect(own, JSON.stringify(findings)).not.toEqual([]);
  if (file !== undefined) expect(own.map((finding) => finding.file)).toContain(file);
  expect(own[0]?.severity).toBe(severity);
  expect(
    own.every(({ say }) => /^[a-z][\s\S]*\.$/.test(say)),
    'a sentence',
  ).toBe(true);
}

describe('the gate', () => {
  test.for(TREE_CASES.flat().filter(({ name }) => !NEEDS_GIT.has(name)))('$rule: $name', async (one) => {
    expectCaught(sortFindings(await judgeWithoutGit(one.caught, one)), one);
    const twin = await judgeWithoutGit(one.innocent, one);
    expect(twin.filter(({ rule }) => rule === one.rule)).toEqual([]);
  });

  test('every rule has a fixture', () => {
    const shown = new Set(SAMPLED.map(({ rule }) => rule));
    // What cannot be read is told by the tests of large changes.
    expect(
      Object.keys(GATE_RULES).filter((rule) => rule !== 'not_read' && !shown.has(rule as never)),
    ).toEqual([]);
  });
});

describe('the gate over git', () => {
  let repository: GateRepository;
  beforeAll(async () => {
    repository = await createGateRepository();
  });
  afterAll(() => repository.close());

  async function judgeWithGit(step: Step, { plan, config }: Pick<Case, 'plan' | 'config'>) {
    const [before, after] = treesOf(step);
    const base = await repository.commit(before);
    const head = await repository.commit(after, [base]);
    const more = [
      ...(plan === undefined ? [] : ['--plan', await repository.note(JSON.stringify(plan))]),
      ...(config === undefined ? [] : ['--config', await repository.note(config)]),
    ];
    return repository.gate(`${base}..${head}`, ...more);
  }

  test.concurrent.for(SAMPLED)('$rule: $name', async (one, { expect }) => {
    const verdict = await judgeWithGit(one.caught, one);
    expectCaught(verdict.findings, one);
    if ((one.severity ?? 'block') === 'block') expect(verdict).toMatchObject({ exitCode: 1, blocked: true });
    const twin = await judgeWithGit(one.innocent, one);
    expect(
      twin.findings.filter((finding) => finding.rule === one.rule),
      twin.text,
    ).toEqual([]);
    if (NEEDS_GIT.has(one.name)) return;
    expect(verdict.findings).toEqual(sortFindings(await judgeWithoutGit(one.caught, one)));
    expect(twin.findings).toEqual(sortFindings(await judgeWithoutGit(one.innocent, one)));
  });
});
