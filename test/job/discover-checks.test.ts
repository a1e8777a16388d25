// Which commands Errand finds by itself where a repository names none.
import { expect, test } from 'vitest';
import { describeUnreached } from '../../src/job/discover/inner-projects.ts';
import { readWorkspaces } from '../../src/job/discover/workspaces.ts';
import { discoverToolchains } from '../../src/job/discover-checks.ts';

/** Every file is there; those with text can be read. */
function discover(files: Readonly<Record<string, string>>, folders: readonly string[] = []) {
  return discoverToolchains({
    names: new Set([...Object.keys(files), ...folders.map((name) => `${name}/`)]),
    texts: files,
  });
}
const told = (files: Readonly<Record<string, string>>, folders?: readonly string[]) =>
  discover(files, folders).map(({ needs, setup, checks }) => ({
    needs: needs.join(' '),
    setup: setup.join(' && '),
    checks: checks.map(({ name, command }) => `${name}: ${command}`),
  }));
const manifest = (more: object) =>
  JSON.stringify({ scripts: { test: 'vitest run', lint: 'eslint .' }, ...more });
const deps = { dependencies: { a: '1' } };

test.each([
  [{}, 'npm', ''],
  [deps, 'npm', 'npm install --no-save --no-package-lock'],
  [{ ...deps, 'package-lock.json': 1 }, 'npm', 'npm ci'],
  [{ ...deps, 'npm-shrinkwrap.json': 1 }, 'npm', 'npm ci'],
  [{ ...deps, 'pnpm-lock.yaml': 1 }, 'pnpm', 'pnpm install --frozen-lockfile'],
  [{ ...deps, 'yarn.lock': 1 }, 'yarn', 'yarn install --frozen-lockfile'],
  [{ ...deps, 'yarn.lock': 1, '.yarnrc.yml': 1 }, 'yarn', 'yarn install --immutable'],
  [{ ...deps, 'yarn.lock': 1, packageManager: 'yarn@4.1.0' }, 'yarn', 'yarn install --immutable'],
  [{ ...deps, 'bun.lock': 1 }, 'bun', 'bun install --frozen-lockfile'],
  // What package.json says of itself stands above a lockfile that somebody left behind.
  [{ ...deps, 'package-lock.json': 1, packageManager: 'pnpm@9.0.0' }, 'pnpm', 'pnpm install'],
])('of %j the manager is %s, and it installs by %j', (given, manager, setup) => {
  const { packageManager, dependencies, ...files } = given as Record<string, unknown>;
  const text = manifest({ packageManager, dependencies });
  const lockfiles = Object.fromEntries(Object.keys(files).map((name) => [name, '']));
  expect(told({ 'package.json': text, ...lockfiles })).toEqual([
    {
      needs: manager === 'bun' ? 'bun' : `${manager} node`,
      setup,
      checks: [`lint: ${manager} run lint`, `tests: ${manager} run test`],
    },
  ]);
});

test('scripts that test nothing or never end are left alone, and said to be', () => {
  const scripts = {
    test: 'echo "Error: no test specified" && exit 1',
    typecheck: 'tsc --watch',
    lint: 'eslint --watch=false',
  };
  const [found] = discover({ 'package.json': JSON.stringify({ scripts }) });
  expect(found?.checks).toEqual([{ name: 'lint', command: 'npm run lint' }]);
  expect(found?.left).toEqual([
    { name: 'types', command: 'npm run typecheck', why: 'it waits for changes and never ends' },
    { name: 'tests', command: 'npm run test', why: 'it only says that there is no test' },
  ]);
});

test.each(['not JSON', '[]', '{"scripts": 3}', 'null'])('a package.json of %j is no trouble', (text) => {
  expect(discover({ 'package.json': text }).flatMap(({ checks }) => checks)).toEqual([]);
});

test('Python is checked by its own manager with the tools that it names', () => {
  const project =
    '[project]\nname = "shop"\n[dependency-groups]\ndev = ["pytest", "ruff>=0.5"]\n[tool.mypy]\n';
  expect(told({ 'pyproject.toml': project, 'uv.lock': '' })).toEqual([
    {
      needs: 'uv',
      setup: 'uv sync --frozen --all-extras',
      checks: [
        'lint: uv run --no-sync ruff check .',
        'types: uv run --no-sync mypy .',
        'tests: uv run --no-sync pytest',
      ],
    },
  ]);
  expect(told({ 'pyproject.toml': '[tool.poetry]\n', 'poetry.lock': '' }, ['tests'])).toEqual([
    {
      needs: 'poetry',
      setup: 'poetry install --no-interaction && poetry run pip install pytest',
      checks: ['tests: poetry run pytest'],
    },
  ]);
  expect(told({ 'requirements.txt': 'flask\n', 'requirements-dev.txt': 'pytest\n' })).toEqual([
    {
      needs: 'python3',
      setup:
        'python3 -m venv .venv && .venv/bin/python -m pip install -r requirements.txt -r requirements-dev.txt',
      checks: ['tests: .venv/bin/python -m pytest'],
    },
  ]);
  expect(told({ 'pyproject.toml': '[project]\nname = "shop"\n' }, ['tests'])[0]?.setup).toBe(
    'python3 -m venv .venv && .venv/bin/python -m pip install -e . pytest',
  );
  // A word that only contains the name is another tool.
  expect(told({ 'pyproject.toml': 'pytest-ruffian\n' })[0]?.checks).toEqual([]);
});

test('Go, Rust, Java and make each have their own way', () => {
  expect(told({ 'go.mod': '' })).toEqual([
    { needs: 'go', setup: 'go mod download', checks: ['vet: go vet ./...', 'tests: go test ./...'] },
  ]);
  expect(told({ 'Cargo.toml': '' })[0]?.checks).toEqual(['tests: cargo test --workspace --offline']);
  expect(told({ 'pom.xml': '', gradlew: '' })[0]?.checks).toEqual(['tests: sh ./gradlew test --no-daemon']);
  expect(told({ Makefile: 'test := 1\n.PHONY: x\ncheck lint: deps\n\techo\n' })).toEqual([
    { needs: 'make', setup: '', checks: ['lint: make lint', 'tests: make check'] },
  ]);
});

test('what another toolchain checks already, make does not check again', () => {
  const found = told({ 'go.mod': '', Makefile: 'test:\n\tgo test ./...\nlint:\n\tgolangci-lint run\n' });
  expect(found.flatMap(({ checks }) => checks)).toEqual([
    'vet: go vet ./...',
    'tests: go test ./...',
    'lint: make lint',
  ]);
});

test('a folder with nothing in it that anybody knows has no toolchain', () => {
  expect(discover({ 'README.md': '# hello' }, ['src'])).toEqual([]);
});

const root = (more: object = {}) => JSON.stringify({ workspaces: ['packages/*'], ...more });
const withScripts = (scripts: object) => JSON.stringify({ scripts });
const ofMonorepo = (
  files: Readonly<Record<string, string>>,
  packages: readonly string[],
): readonly string[] =>
  discoverToolchains({ names: new Set(Object.keys(files)), texts: files, packages }).flatMap(
    ({ checks, left }) => [
      ...checks.map(({ name, command }) => `${name}: ${command}`),
      ...left.map(({ name, why }) => `${name} not run: ${why}`),
    ],
  );

test('of a monorepo the root is asked first, then its packages', () => {
  const packages = [
    withScripts({ test: 'vitest run', lint: 'eslint .' }),
    withScripts({ test: 'jest' }),
    '{',
  ];
  expect(ofMonorepo({ 'package.json': root({ scripts: { test: 'turbo test' } }) }, packages)).toEqual([
    'lint: npm run lint --workspaces --if-present',
    'tests: npm run test',
  ]);
  const files = { 'package.json': root(), 'pnpm-lock.yaml': '' };
  expect(ofMonorepo(files, packages)).toEqual([
    'lint: pnpm --recursive run lint',
    'tests: pnpm --recursive run test',
  ]);
  expect(ofMonorepo({ 'package.json': root(), 'yarn.lock': '' }, packages)).toEqual([
    'tests: yarn workspaces run test',
    'lint not run: some of its packages lack that script',
  ]);
  expect(ofMonorepo({ 'package.json': root() }, [withScripts({ test: 'vitest --watch' })])).toEqual([
    'tests not run: in one of its packages it waits for changes and never ends',
  ]);
});

test('packages without a script are named', () => {
  const names = ['a', '@acme/b', 'c', 'd', 'e', 'f f', 'g'].map((name) => JSON.stringify({ name }));
  const packages = [withScripts({ test: 'jest' }), ...names];
  const [found] = discoverToolchains({
    names: new Set(['package.json']),
    texts: { 'package.json': root() },
    packages,
  });
  expect(found?.checks.map(({ notIn }) => notIn)).toEqual(['`a`, `@acme/b`, `c`, `d`, `e`, 2 more']);
});

test('projects below the top that nothing reaches are told, and what is reached or beside the point is not', () => {
  const toolchains = discover({ 'package.json': manifest({}), 'Cargo.toml': '' });
  const paths = ['package.json', 'web/package.json', 'crates/a/Cargo.toml', 'services/mail/go.mod'];
  const aside = ['docs/go.mod', 'a/fixtures/go.mod', '.tools/go.mod', 'a/b/c/d/go.mod'];
  const tell = (all: readonly string[], hasPackages = true) =>
    describeUnreached(all, { toolchains, hasPackages });
  expect(tell([...paths, ...aside])).toContain('may leave out `services/mail/go.mod`. Name');
  expect(tell(paths, false)).toContain('`web/package.json`, `services/mail/go.mod`');
  expect(tell(['package.json', ...aside])).toBeUndefined();
  expect(describeUnreached(paths, { toolchains: [], hasPackages: false })).toBeUndefined();
  const withMake = discover({ 'go.mod': '', Makefile: 'lint:\n' });
  expect(describeUnreached(paths, { toolchains: withMake, hasPackages: false })).toBeUndefined();
});

test('a monorepo says where its packages lie', () => {
  expect(readWorkspaces({ 'package.json': root() })).toEqual([{ parent: 'packages/', name: '*' }]);
  expect(
    readWorkspaces({
      'package.json': JSON.stringify({ workspaces: { packages: ['./apps/web', 'libs/**'] } }),
    }),
  ).toEqual([{ parent: 'apps/', name: 'web' }]);
  expect(
    readWorkspaces({ 'package.json': '{}', 'pnpm-workspace.yaml': 'packages: [tools/*, ../evil, "!x"]\n' }),
  ).toEqual([{ parent: 'tools/', name: '*' }]);
  expect(readWorkspaces({ 'package.json': '{' })).toEqual([]);
});
