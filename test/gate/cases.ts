// The gate's rules as data: what each catches, and an innocent twin that looks much the same. Part one: what a file is.
import { randomBytes } from 'node:crypto';
import type { GateRule, Severity } from '../../src/job/gate-rules.ts';
import type { Tree } from '../support/gate-repository.ts';

export type Step = Readonly<{ before?: Tree; after: Tree }>;
export type Case = Readonly<{
  rule: GateRule;
  name: string;
  caught: Step;
  /** The file that is named; any where it is left out. */
  file?: string;
  severity?: Severity;
  innocent: Step;
  /** The files that were planned, for `--plan`. */
  plan?: readonly string[];
  /** The repository's settings, for `--config`. */
  config?: string;
}>;

const CODE = 'export const price = 1;\nexport const tax = 2;\n';
/** What every repository here has besides. */
export const COMMON: Tree = {
  'src/price.js': CODE,
  'README.md': '# Shop\n',
  'test/price.test.js': testOf('price'),
};

export function testOf(name: string): string {
  return `import { test } from 'node:test';\nimport { ${name} } from '../src/${name}.js';\ntest('${name}', () => assert(${name} === 1));\n`;
}

export const manifest = (more: object) =>
  `${JSON.stringify({ name: 'shop', version: '1.0.0', ...more }, null, 2)}\n`;
const scripts = (more: object) => manifest({ scripts: { test: 'node --test', ...more } });
export const added = (path: string, text: Tree[string] = 'text\n'): Step => ({ after: { [path]: text } });
const guard = (rule: GateRule, path: string, twin: string): Case => ({
  rule,
  name: path,
  file: path,
  caught: added(path),
  innocent: added(twin),
});

const GUARDED: readonly Case[] = [
  guard('workflow', '.github/workflows/ci.yml', 'docs/github/workflows/ci.yml.md'),
  guard('workflow', '.GITHUB/Workflows/CI.yml', 'src/workflows/ci.yml'),
  guard('workflow', '.github/actions/setup/action.yml', 'src/actions/setup/index.js'),
  guard('workflow', '.gitlab-ci.yml', 'docs/gitlab-ci.md'),
  guard('workflow', '.circleci/config.yml', 'src/circle/config.yml'),
  guard('workflow', 'Jenkinsfile', 'docs/jenkinsfile.md'),
  guard('workflow', 'azure-pipelines.yml', 'src/pipelines.yml'),
  guard('workflow', '.buildkite/pipeline.yml', 'src/pipeline.yml'),
  guard('agent_config', '.claude/settings.json', 'src/settings.json'),
  guard('agent_config', '.mcp.json', 'src/mcp.js'),
  guard('agent_config', 'opencode.json', 'src/open-code.json'),
  guard('agent_config', 'packages/a/AGENTS.md', 'docs/agents.md'),
  guard('agent_config', 'CLAUDE.md', 'docs/claude.md'),
  guard('agent_config', '.cursor/rules/a.mdc', 'src/cursor/rules.js'),
  guard('agent_config', '.kilocode/mcp.json', 'src/kilo/code.json'),
  guard('agent_config', '.codex/config.toml', 'src/codex/config.toml'),
  guard('agent_config', '.agents/config.yml', 'src/agents/config.yml'),
  guard('agent_config', '.github/copilot-instructions.md', '.github/pull_request_template.md'),
  guard('codeowners', '.github/CODEOWNERS', 'src/codeowners.js'),
  guard('codeowners', 'CODEOWNERS', 'packages/codeowners/readme.txt'),
  guard('git_hooks', '.husky/pre-commit', 'src/husky/index.js'),
  guard('git_hooks', '.githooks/post-checkout', 'src/hooks/use-checkout.js'),
  guard('dev_environment', '.vscode/tasks.json', '.vscode/extensions.json'),
  guard('dev_environment', '.devcontainer/devcontainer.json', 'docs/devcontainer.json'),
  guard('dev_environment', '.envrc', 'docs/envrc.txt'),
  guard('install_script', '.npmrc', 'docs/npmrc.md'),
  guard('install_script', 'setup.py', 'src/setup_shop.py'),
  guard('install_script', 'crates/a/build.rs', 'crates/a/src/builder.rs'),
  guard('install_script', 'binding.gyp', 'src/binding.js'),
  {
    rule: 'workflow',
    name: 'a workflow that was removed or renamed away',
    file: '.github/workflows/ci.yml',
    caught: { before: { '.github/workflows/ci.yml': CODE }, after: { 'old/ci.yml': CODE } },
    innocent: { before: { 'ci.yml.md': CODE }, after: { 'old/ci.yml.md': CODE } },
  },
];

const MANIFESTS: readonly Case[] = [
  {
    rule: 'install_script',
    name: 'a lifecycle script in a nested package',
    file: 'packages/a/package.json',
    caught: {
      before: { 'packages/a/package.json': scripts({}) },
      after: { 'packages/a/package.json': scripts({ postinstall: 'node x.js' }) },
    },
    innocent: {
      before: { 'packages/a/package.json': scripts({}) },
      after: { 'packages/a/package.json': scripts({ build: 'tsc', postbuild: 'node x.js' }) },
    },
  },
  {
    rule: 'install_script',
    name: 'a lifecycle script that says something else',
    caught: {
      before: { 'package.json': scripts({ prepare: 'husky' }) },
      after: { 'package.json': scripts({ prepare: 'husky && node x.js' }) },
    },
    innocent: {
      before: { 'package.json': scripts({ prepare: 'husky' }) },
      after: { 'package.json': scripts({}) },
    },
  },
  {
    rule: 'dependency_source',
    name: 'a dependency from git',
    caught: {
      before: { 'package.json': manifest({}) },
      after: { 'package.json': manifest({ dependencies: { left: 'github:evil/left' } }) },
    },
    innocent: {
      before: { 'package.json': manifest({}) },
      after: {
        'package.json': manifest({
          dependencies: { left: '^1.2.0', near: '~1.2.0', own: 'workspace:*', a: 'file:./a' },
        }),
      },
    },
  },
  {
    rule: 'dependency_source',
    name: 'a Python index of somebody',
    caught: added('requirements.txt', '--extra-index-url https://pypi.evil.example/simple\nflask==3.0\n'),
    innocent: added(
      'requirements.txt',
      '# see https://flask.palletsprojects.com\nflask==3.0\nrequests[socks]>=2\n',
    ),
  },
  {
    rule: 'dependency_source',
    name: 'a crate from git',
    caught: added('Cargo.toml', '[dependencies]\nserde = { git = "https://github.com/evil/serde" }\n'),
    innocent: added(
      'Cargo.toml',
      '[package]\nname = "shop"\nrepository = "https://github.com/acme/shop.git"\n[dependencies]\nserde = "1"\n',
    ),
  },
  {
    rule: 'dependency_source',
    name: 'a replaced Go module',
    caught: added('go.mod', 'module shop\nreplace github.com/a/b => github.com/evil/b v1.0.0\n'),
    innocent: added('go.mod', 'module shop\nrequire github.com/a/b v1.0.0\n'),
  },
];

const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'), randomBytes(400)]);
const SHA = 'a'.repeat(40);

const ENTRIES: readonly Case[] = [
  {
    rule: 'submodule',
    name: 'a repository inside',
    caught: added('vendor/lib', { submodule: SHA }),
    innocent: added('vendor/lib/index.js'),
  },
  {
    rule: 'submodule',
    name: 'a submodule that moved',
    caught: { before: { lib: { submodule: SHA } }, after: { lib: { submodule: 'b'.repeat(40) } } },
    innocent: { before: { lib: { submodule: SHA } }, after: { lib: { submodule: SHA }, a: 'a' } },
  },
  guard('submodule', '.gitmodules', 'docs/gitmodules.md'),
  {
    rule: 'symlink',
    name: 'an absolute link',
    caught: added('a', { link: '/etc/passwd' }),
    innocent: added('a', { link: 'README.md' }),
  },
  {
    rule: 'symlink',
    name: 'a link that leaves the tree',
    caught: added('docs/a', { link: '../../secrets' }),
    innocent: added('docs/a', { link: '../README.md' }),
  },
  {
    rule: 'symlink',
    name: 'a file that became a link',
    severity: 'warn',
    caught: { before: { 'a.md': 'a\n' }, after: { 'a.md': { link: 'README.md' } } },
    innocent: { before: { 'a.md': { link: 'README.md' } }, after: { 'a.md': 'a\n' } },
  },
  {
    rule: 'file_mode',
    name: 'a file that became executable',
    severity: 'warn',
    caught: { before: { 'run.js': CODE }, after: { 'run.js': { executable: CODE } } },
    innocent: added('bin/run', { executable: '#!/bin/sh\necho hello\n' }),
  },
  {
    rule: 'file_name',
    name: 'a name with a line end',
    caught: added('src/a\nb.js'),
    innocent: added('src/a b.js'),
  },
  {
    rule: 'file_name',
    name: 'a name that is no UTF-8',
    caught: added('src/\u00ff.js'),
    innocent: added('src/grün.js'),
  },
  {
    rule: 'file_name',
    name: "git's own name",
    caught: added('src/.Git/config'),
    innocent: added('src/.gitkeep'),
  },
  {
    rule: 'file_name',
    name: 'a twin in other case',
    caught: added('readme.md'),
    innocent: added('docs/readme.md'),
  },
  {
    rule: 'file_name',
    name: 'a name with an invisible letter',
    caught: added('src/pri\u200bce.js'),
    innocent: added('src/prices.js'),
  },
  {
    rule: 'binary',
    name: 'a program',
    caught: added('tools/run', Buffer.concat([Buffer.from('\x7fELF\x02\x01\0', 'latin1'), randomBytes(200)])),
    innocent: added('docs/logo.png', PNG),
  },
  {
    rule: 'binary',
    name: 'a program that is called a picture',
    caught: added('docs/logo.png', Buffer.concat([Buffer.from('MZ\0\0', 'latin1'), randomBytes(200)])),
    innocent: added('docs/logo.png', PNG),
  },
  {
    rule: 'binary',
    name: 'code with a NUL',
    caught: added('src/a.js', Buffer.from('run();\0\n')),
    innocent: added('src/a.js', 'run("\\0");\n'),
  },
  {
    rule: 'large_file',
    name: 'a large file',
    caught: added('data.csv', 'a,b,c\n'.repeat(1_000_000)),
    innocent: added('data.csv', 'a,b,c\n'.repeat(10_000)),
  },
  {
    rule: 'large_file',
    name: 'a large file instead of a pointer',
    severity: 'warn',
    caught: added('model.csv', `${'1,2,3\n'.repeat(150_000)}`),
    innocent: added(
      'model.csv',
      `version https://git-lfs.github.com/spec/v1\noid sha256:${SHA}\nsize 900000000\n`,
    ),
  },
];

export const FILE_CASES: readonly Case[] = [...GUARDED, ...MANIFESTS, ...ENTRIES];
