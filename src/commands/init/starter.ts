// The files of a starter set, made from what was found in a repository. Short on purpose: people fill them in. Pure.
import { stringify } from 'yaml';
import type { Toolchain } from '../../job/discover/toolchain.ts';
import { HOUSE_FOLDERS } from '../../job/house.ts';
import { planFound } from '../../job/plan-found.ts';
import { REPO_SETTINGS_PATH } from '../../job/repo-settings.ts';

/** Path → content; `name` is `owner/name`, `folders` those at the top. */
export function buildStarter(found: {
  name: string;
  toolchains: readonly Toolchain[];
  folders: readonly string[];
}): Readonly<Record<string, string>> {
  const settings = REPO_SETTINGS_PATH;
  return {
    [settings]: buildConfig(found.toolchains),
    [`${HOUSE_FOLDERS.context}/project.md`]: buildContext(found),
    [`${HOUSE_FOLDERS.profiles}/author.md`]: AUTHOR,
    [`${HOUSE_FOLDERS.profiles}/reviewer.md`]: REVIEWER,
    [`${HOUSE_FOLDERS.workflows}/bug-fix.md`]: BUG_FIX,
    [`${HOUSE_FOLDERS.workflows}/feature.md`]: FEATURE,
    [`${HOUSE_FOLDERS.workflows}/refactor.md`]: REFACTOR,
  };
}

function buildConfig(toolchains: readonly Toolchain[]): string {
  const { groups } = planFound(toolchains);
  const setup = groups.flatMap((group) => group.setup.map(({ command }) => command));
  const checks = groups.flatMap((group) =>
    group.checks.map(({ name, command }) => [plainName(name), command]),
  );
  const named = {
    ...(setup.length > 0 ? { setup } : {}),
    ...(checks.length > 0 ? { checks: Object.fromEntries(checks) } : {}),
  };
  const commands =
    checks.length > 0
      ? `# Run by Errand on every change before anybody is asked.\n${stringify(named)}`
      : '# Commands that must be green before anybody is asked. Errand found none here.\n# setup: npm ci\n# checks:\n#   tests: npm test\n';
  return `# How Errand works in this repository. It is read from the base branch; every part may be left out.

${commands}
phases:
  implement: {profile: author}
  review: {profile: reviewer}

# plan: ask                # a person approves each plan: auto, ask or off
# merge_method: squash     # squash, merge or rebase
# limits: {minutes: 60, diff_lines: 800}
`;
}

/** Names of checks hold letters, digits, spaces and a few signs. */
function plainName(name: string): string {
  return name.replaceAll(/[^a-z0-9 ._-]/gi, '').toLowerCase();
}

function buildContext({ name, toolchains, folders }: Parameters<typeof buildStarter>[0]): string {
  const languages = [...new Set(toolchains.map(({ language }) => language).filter(Boolean))];
  const commands = toolchains.flatMap(({ setup, checks }) => [
    ...setup,
    ...checks.map(({ command }) => command),
  ]);
  const shown = folders.filter((folder) => !folder.startsWith('.')).slice(0, 20);
  return [
    `# ${name}`,
    'What every agent should know here. Replace the questions by answers; delete what a look at the code shows.',
    ...(languages.length > 0 ? [`Written in ${languages.join(', ')}.`] : []),
    ...(commands.length > 0 ? [`Commands:\n\n${commands.map((line) => `- \`${line}\``).join('\n')}`] : []),
    ...(shown.length > 0
      ? [`Folders:\n\n${shown.map((folder) => `- \`${folder}/\`: what belongs here?`).join('\n')}`]
      : []),
    '## Rules that the code does not show\n\n- Which decisions are made and not up for change?\n- What was tried and did not work?',
  ]
    .join('\n\n')
    .concat('\n');
}

const AUTHOR = `---
when: any change to the code
# agent: claude
# model: opus
---

You maintain this project and will have to live with the change.

## Decisions

- The smallest change that does the task; nothing beside it.
- New behaviour comes with a test that fails without it.

## Pitfalls

- A test is never weakened, skipped or deleted to become green.
- No new dependency where a few lines do.
`;

const REVIEWER = `---
when: a look at somebody else's change
# agent: codex
# model: another than the author's
---

You did not write this change and owe it nothing.

## Decisions

- First: does it do the task, and would its tests notice if it did not?
- A finding names a file, a line and what goes wrong there.

## Pitfalls

- Taste is no finding.
- What the author says was checked is no proof.
`;

const BUG_FIX = `# A bug

1. Reproduce it in a test, and see that test fail.
2. Find the cause; mend it there, not where it shows.
3. See the test pass, and the others with it.
4. Look for the same mistake elsewhere, and say where you looked.
`;

const FEATURE = `# A feature

1. Find the nearest thing that exists, and build in its style.
2. Write down in tests what must be true, edge cases too.
3. Build it. Keep what is there working.
4. Update the documentation that people read.
`;

const REFACTOR = `# A refactoring

1. See the tests pass before you begin; add the ones that are missing first.
2. Change the form and not the behaviour, in small steps.
3. No feature and no fix on the way; name what you find instead.
`;
