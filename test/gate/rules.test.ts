// Each rule of the gate catches its fixture and leaves its innocent twin alone, through the command and over real git objects.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GATE_RULES } from '../../src/job/gate-rules.ts';
import { createGateRepository, type GateRepository } from '../support/gate-repository.ts';
import { BENT_CASES } from './bent-cases.ts';
import { type Case, COMMON, FILE_CASES, type Step } from './cases.ts';
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

/** One of so many goes through git. */
const SAMPLE = 15;

const CASES = [
  ...FILE_CASES,
  ...LINK_CASES,
  ...MORE_GUARDS,
  ...INSTALL_CASES,
  ...LOCKFILE_CASES,
  ...LOCK_FORMAT_CASES,
  ...CONTENT_CASES,
  ...TEST_CASES,
  ...HARMLESS_CASES,
  ...ENCODED_CASES,
  ...PLAN_CASES,
  // All of them are judged without git; these show that it says the same.
  ...[SKIP_CASES, WEAKEN_CASES, BENT_CASES, RUNNER_CASES, CHECK_CASES, COMMAND_CASES].flatMap((cases) =>
    cases.filter((_, at) => at % SAMPLE === 0),
  ),
];

describe('the gate', () => {
  let repository: GateRepository;
  beforeAll(async () => {
    repository = await createGateRepository();
  });
  afterAll(() => repository.close());

  async function judge({ before = {}, after }: Step, { plan, config }: Pick<Case, 'plan' | 'config'>) {
    const base = await repository.commit({ ...COMMON, ...before });
    // An addition stands beside what was there.
    const isAddition = Object.keys(before).length === 0;
    const head = await repository.commit({ ...COMMON, ...(isAddition ? { ...before, ...after } : after) }, [
      base,
    ]);
    const more = [
      ...(plan === undefined ? [] : ['--plan', await repository.note(JSON.stringify(plan))]),
      ...(config === undefined ? [] : ['--config', await repository.note(config)]),
    ];
    return repository.gate(`${base}..${head}`, ...more);
  }

  test.concurrent.for(CASES)(
    '$rule: $name',
    async ({ rule, file, severity = 'block', caught, innocent, ...asked }, { expect }) => {
      const verdict = await judge(caught, asked);
      const own = verdict.findings.filter((finding) => finding.rule === rule);
      expect(own, verdict.text).not.toEqual([]);
      if (file !== undefined) expect(own.map((finding) => finding.file)).toContain(file);
      expect(own[0]?.severity).toBe(severity);
      expect(
        own.every(({ say }) => /^[a-z][\s\S]*\.$/.test(say)),
        'a sentence',
      ).toBe(true);
      if (severity === 'block') expect(verdict).toMatchObject({ exitCode: 1, blocked: true });

      const twin = await judge(innocent, asked);
      expect(
        twin.findings.filter((finding) => finding.rule === rule),
        twin.text,
      ).toEqual([]);
    },
  );

  test('every rule has a fixture', () => {
    const shown = new Set(CASES.map(({ rule }) => rule));
    // What cannot be read is told by the tests of large changes.
    expect(
      Object.keys(GATE_RULES).filter((rule) => rule !== 'not_read' && !shown.has(rule as never)),
    ).toEqual([]);
  });
});
