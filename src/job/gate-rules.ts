// The rules of the gate by name, and what a finding of theirs looks like. The rules themselves stand in src/gate; a
// repository's settings, a turn's result and the messages only need these words. Pure.
import { z } from 'zod';

export const SEVERITIES = ['block', 'warn'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Rule → what it looks for, for people who set it in `.agents/config.yml`. */
export const GATE_RULES = {
  deleted_test: 'whole test files that are gone',
  skipped_test: 'tests that are skipped, left out or no longer found by their runner',
  weakened_test: 'tests that check less than before',
  bent_test: 'expected values of tests that changed',
  check_off: 'linters, type checks, thresholds and other checks that are switched off or loosened',
  knows_tests: 'code that asks whether it is being tested',
  hollow_test: 'new tests that check nothing',
  check_changed: 'settings and commands that decide what is checked, and changed',
  test_changed: 'lines of existing tests, and of what they compare with, that changed or went',
  workflow: 'definitions of CI and deployment pipelines',
  agent_config: 'what coding agents read as their configuration or instructions',
  codeowners: 'who must review what',
  git_hooks: 'hooks that git runs on the machines of people',
  dev_environment: 'what editors and shells run when the folder is opened',
  install_script: 'code that runs when the project is installed or built',
  dependency_source: 'dependencies from elsewhere than the registry',
  lockfile: 'lockfiles that changed without their manifest',
  lockfile_source: 'lockfiles that lead elsewhere than the registry or lost their checksums',
  submodule: 'repositories inside the repository',
  symlink: 'links that leave the tree, or that took the place of a file',
  git_attributes: 'attributes that hide changes from reviewers or run filters',
  file_mode: 'files that became executable',
  file_name: 'names that deceive or belong to git, and names that are one on some systems',
  hidden_text: 'characters and code that reviewers cannot see',
  unreadable: 'minified or overlong lines',
  binary: 'programs, archives and other files that nobody can review',
  large_file: 'large files',
  secret: 'keys, tokens and passwords',
  outside_plan: 'files that the plan does not name',
  too_large: 'changes too large to be read in one sitting',
  remote_code: 'code that is downloaded and run',
  not_read: 'what was too large to be looked at',
} as const;

export type GateRule = keyof typeof GATE_RULES;

/** Not for a repository to soften: what was pushed once is known to the world. */
export const ALWAYS_BLOCKS: readonly GateRule[] = ['secret'];

/** Nor may this be silenced: nobody looked for secrets in there. */
export const ALWAYS_TOLD: readonly GateRule[] = ['not_read'];

/** What weakens the checks of a change itself: an agent that did it is asked once to undo it or to say why. */
export const ASKED_ABOUT: readonly GateRule[] = ['skipped_test', 'weakened_test', 'check_off', 'knows_tests'];

/** What a repository wants a rule to be worth. */
export type GateSettings = Readonly<Partial<Record<GateRule, Severity | 'off'>>>;

export const findingSchema = z.object({
  /** A name from `GATE_RULES`; of a newer version it may be unknown here. */
  rule: z.string(),
  /** Control characters are escaped, so that it is one line anywhere. */
  file: z.string(),
  line: z.number().optional(),
  severity: z.enum(SEVERITIES),
  /** What it is and what to look at, in one or two sentences. Never holds a secret. */
  say: z.string(),
});
export type Finding = Readonly<z.infer<typeof findingSchema>>;

/** `src/a.js:12`, or the file alone. */
export function placeOf(finding: Pick<Finding, 'file' | 'line'>): string {
  return finding.line === undefined ? finding.file : `${finding.file}:${finding.line}`;
}

/** Harmless changes have these as well: what stands beside them must not be lost among them. */
const COMMON: readonly string[] = ['check_changed', 'test_changed'] satisfies GateRule[];

/**
 * At most `most`, given in their order: one of each rule first, the common rules after the others. What is left out is
 * told by its number, with the file `.`, so that nothing goes without a word.
 */
export function mostTelling(findings: readonly Finding[], most: number): readonly Finding[] {
  if (findings.length <= most) return findings;
  const firsts = findings.filter(({ rule }, at) => findings.findIndex((one) => one.rule === rule) === at);
  const isCommon = ({ rule }: Finding) => COMMON.includes(rule);
  const ordered = [
    ...firsts.filter((one) => !isCommon(one)),
    ...firsts.filter(isCommon),
    ...findings.filter((one) => !firsts.includes(one)),
  ];
  const shown = ordered.slice(0, most - 1);
  const rest = ordered.slice(most - 1);
  const rules = [...new Set(rest.map(({ rule }) => rule))];
  const severity = rest.some((one) => one.severity === 'block') ? 'block' : 'warn';
  const say = `holds ${rest.length} more places to look at (${rules.slice(0, 4).join(', ')}${rules.length > 4 ? ', …' : ''}).`;
  return [...shown, { rule: rules[0] ?? '', file: '.', severity, say }];
}
