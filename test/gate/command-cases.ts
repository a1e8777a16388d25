// The gate's rules as data: commands that check a project and no longer do, as scripts, recipes, hooks and steps of CI.
import { type Case, manifest } from './cases.ts';
import { off } from './check-cases.ts';

/** A script of a package. */
const script = (
  name: string,
  [before, caught, innocent]: readonly [before: string, caught: string, innocent: string],
): Case => {
  const of = (test: string) => manifest({ scripts: { test, build: 'node build.js' } });
  return off(name, ['package.json', of(before), of(caught), of(innocent)]);
};

const MAKE = 'test:\n\tgo test ./...\n\nlint:\n\tgolangci-lint run\n';
const CI =
  'on: push\njobs:\n  test:\n    steps:\n      - run: npm ci\n      - run: npm test\n      - run: npx eslint .\n';

export const COMMAND_CASES: readonly Case[] = [
  script('echo', ['vitest run', 'echo ok', 'vitest run --coverage']),
  script('true', ['jest', 'true', 'jest --ci']),
  script('|| true', ['eslint . && jest', 'eslint . && jest || true', 'eslint . && jest --ci']),
  script('exit 0', ['jest', 'jest; exit 0', 'jest --maxWorkers 2']),
  script('a word behind it', ['jest', 'jest; echo done', 'jest && echo done']),
  script('in the background', ['jest', 'jest & wait', 'jest && wait']),
  script('only what changed', ['jest', 'jest --onlyChanged', 'jest --verbose']),
  script('no warnings', ['eslint .', 'eslint . --quiet', 'eslint . --cache']),
  script('--passWithNoTests', ['jest', 'jest --passWithNoTests', 'jest --silent']),
  script('one that is left out', ['eslint . && tsc && jest', 'eslint . && jest', 'tsc && eslint . && jest']),
  script('tests that are left out', ['jest', 'jest --testPathIgnorePatterns cart', 'jest --coverage']),
  script('snapshots that are written anew', ['jest', 'jest -u', 'jest --ci --silent']),
  script('many warnings', [
    'eslint --max-warnings 0 .',
    'eslint --max-warnings 500 .',
    'eslint --max-warnings 0 src',
  ]),
  off('a script that is gone', [
    'package.json',
    manifest({ scripts: { test: 'jest', lint: 'eslint .' } }),
    manifest({ scripts: { test: 'jest' } }),
    manifest({ scripts: { test: 'jest', 'lint:js': 'eslint .' } }),
  ]),
  off('another linter', [
    'package.json',
    manifest({ scripts: { test: 'jest', lint: 'eslint .' } }),
    manifest({ scripts: { test: 'jest', lint: 'prettier --write .' } }),
    manifest({ scripts: { test: 'jest', lint: 'biome check .' } }),
  ]),
  off('a recipe', [
    'Makefile',
    MAKE,
    MAKE.replace('golangci-lint run', '@echo skipped'),
    MAKE.replace('golangci-lint run', 'golangci-lint run --fix=false'),
  ]),
  off('a recipe that may fail', [
    'Makefile',
    MAKE,
    MAKE.replace('\tgo test', '\t-go test'),
    MAKE.replace('go test ./...', 'go test -race ./...'),
  ]),
  off('|| true in a recipe', [
    'Makefile',
    MAKE,
    MAKE.replace('./...', './... || true'),
    MAKE.replace('./...', './... -count=1'),
  ]),
  off('tox', [
    'tox.ini',
    '[testenv]\ncommands =\n    mypy src\n    pytest\n',
    '[testenv]\ncommands =\n    pytest\n',
    '[testenv]\ncommands =\n    mypy src tests\n    pytest -q\n',
  ]),
  off('tox that may fail', [
    'tox.ini',
    '[testenv]\ncommands =\n    pytest\n',
    '[testenv]\nignore_errors = true\ncommands =\n    pytest\n',
    '[testenv]\ndeps = pytest\ncommands =\n    pytest\n',
  ]),
  off('a step that may fail', [
    '.github/workflows/ci.yml',
    CI,
    CI.replace('npm test\n', 'npm test\n        continue-on-error: true\n'),
    CI.replace('npm test\n', 'npm test\n        timeout-minutes: 5\n'),
  ]),
  off('a step that is gone', [
    '.github/workflows/ci.yml',
    CI,
    CI.replace('      - run: npx eslint .\n', ''),
    CI.replace('npx eslint .', 'npx eslint src test'),
  ]),
  off('a step in a comment', [
    '.github/workflows/ci.yml',
    CI,
    CI.replace('      - run: npm test', '      # - run: npm test'),
    CI.replace('      - run: npm test', '      # The tests.\n      - run: npm test'),
  ]),
  off('a step that never runs', [
    '.github/workflows/ci.yml',
    CI,
    CI.replace('npm test\n', 'npm test\n        if: false\n'),
    CI.replace('npm test\n', 'npm test\n        if: always()\n'),
  ]),
  off('a job of GitLab', [
    '.gitlab-ci.yml',
    'test:\n  script:\n    - pytest\n',
    'test:\n  allow_failure: true\n  script:\n    - pytest\n',
    'test:\n  stage: test\n  script:\n    - pytest\n',
  ]),
  off('a hook', [
    '.pre-commit-config.yaml',
    'repos:\n  - repo: a\n    hooks:\n      - id: mypy\n      - id: check-yaml\n',
    'repos:\n  - repo: a\n    hooks:\n      - id: mypy\n',
    'repos:\n  - repo: a\n    hooks:\n      - id: mypy\n      - id: check-yaml\n      - id: black\n',
  ]),
  off('a hook of husky', [
    '.husky/pre-commit',
    'npx eslint .\nnpm test\n',
    'npm test\n',
    'npx eslint . --cache\nnpm test\n',
  ]),
  off('a script of CI', [
    'scripts/test.sh',
    'set -e\npytest\n',
    'set -e\npytest || true\n',
    'set -e\npytest -q\n',
  ]),
  off(
    'Maven',
    [
      'pom.xml',
      '<a>\n</a>\n',
      '<a>\n<skipTests>true</skipTests>\n</a>\n',
      '<a>\n<skipTests>false</skipTests>\n</a>\n',
    ],
    { rule: 'skipped_test' },
  ),
];
