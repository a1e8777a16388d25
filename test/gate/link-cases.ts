// The gate's rules as data: guarded files by other names, over links of the tree, case, short names and renames.
import { added, type Case, type Step } from './cases.ts';

const CODE = 'export const price = 1;\nexport const tax = 2;\n';
const step = (before: Step['after'], after: Step['after']): Step => ({ before, after });
const HOOK = { 'tools/h/pre-commit': 'npm test\n' };

export const LINK_CASES: readonly Case[] = [
  {
    rule: 'git_hooks',
    name: 'a link in the place of a folder of hooks',
    file: '.husky',
    caught: step(HOOK, { ...HOOK, '.husky': { link: 'tools/h' } }),
    innocent: step(HOOK, { ...HOOK, husky: { link: 'tools/h' } }),
  },
  {
    rule: 'git_hooks',
    name: 'a hook that is edited where a link leads',
    file: 'tools/h/pre-commit',
    caught: step(
      { ...HOOK, '.husky': { link: 'tools/h' } },
      { 'tools/h/pre-commit': 'evil\n', '.husky': { link: 'tools/h' } },
    ),
    innocent: step(
      { ...HOOK, '.husky': { link: 'tools/other' } },
      { 'tools/h/pre-commit': 'evil\n', '.husky': { link: 'tools/other' } },
    ),
  },
  {
    rule: 'workflow',
    name: 'workflows behind two links',
    file: 'ci/flows/a.yml',
    caught: step(
      { 'gh/workflows': { link: '../ci/flows' }, '.github': { link: 'gh' }, 'ci/flows/b.yml': 'b' },
      {
        'gh/workflows': { link: '../ci/flows' },
        '.github': { link: 'gh' },
        'ci/flows/b.yml': 'b',
        'ci/flows/a.yml': 'on: push',
      },
    ),
    innocent: step(
      { 'gh/pages': { link: '../ci/flows' }, '.github': { link: 'gh' }, 'ci/flows/b.yml': 'b' },
      {
        'gh/pages': { link: '../ci/flows' },
        '.github': { link: 'gh' },
        'ci/flows/b.yml': 'b',
        'ci/flows/a.yml': 'on: push',
      },
    ),
  },
  {
    rule: 'workflow',
    name: 'a link that puts the whole folder of GitHub elsewhere',
    file: '.github',
    caught: added('.github', { link: 'tools' }),
    innocent: added('docs/github', { link: '../tools' }),
  },
  {
    rule: 'agent_config',
    name: 'instructions for agents that are a link, edited where they lie',
    file: 'docs/house.md',
    caught: step(
      { 'CLAUDE.md': { link: 'docs/house.md' }, 'docs/house.md': 'a\n' },
      { 'CLAUDE.md': { link: 'docs/house.md' }, 'docs/house.md': 'b\n' },
    ),
    innocent: step(
      { 'docs/home.md': { link: 'house.md' }, 'docs/house.md': 'a\n' },
      { 'docs/home.md': { link: 'house.md' }, 'docs/house.md': 'b\n' },
    ),
  },
  {
    rule: 'codeowners',
    name: 'CODEOWNERS that becomes a link',
    caught: step(
      { CODEOWNERS: '* @a\n', 'a.txt': '* @b\n' },
      { CODEOWNERS: { link: 'a.txt' }, 'a.txt': '* @b\n' },
    ),
    innocent: step({ owners: '* @a\n', 'a.txt': '* @b\n' }, { owners: { link: 'a.txt' }, 'a.txt': '* @b\n' }),
  },
  {
    rule: 'agent_config',
    name: 'a link in other case to a folder in other case',
    file: 'tools/cfg/settings.json',
    caught: step(
      { '.Claude': { link: 'Tools/Cfg' }, 'tools/cfg/settings.json': '{}' },
      { '.Claude': { link: 'Tools/Cfg' }, 'tools/cfg/settings.json': '{"a":1}' },
    ),
    innocent: step(
      { '.Clouds': { link: 'Tools/Cfg' }, 'tools/cfg/settings.json': '{}' },
      { '.Clouds': { link: 'Tools/Cfg' }, 'tools/cfg/settings.json': '{"a":1}' },
    ),
  },
  {
    rule: 'workflow',
    name: 'a folder in letters of another width',
    caught: added('．github/workflows/a.yml'),
    innocent: added('docs/．github.md'),
  },
  {
    rule: 'file_name',
    name: "a short name of Windows for GitHub's folder",
    caught: added('GITHUB~1/workflows/a.yml'),
    innocent: added('notes~1.txt'),
  },
  {
    rule: 'file_name',
    name: 'a stream of a file',
    caught: added('CODEOWNERS::$DATA'),
    innocent: added('lib/Shop::Cart.3pm'),
  },
  {
    rule: 'file_name',
    name: "git's short name",
    caught: added('GIT~1/config'),
    innocent: added('git~/config'),
  },
  {
    rule: 'agent_config',
    name: 'a name that Windows reads as a guarded one',
    caught: added('.mcp.json.'),
    innocent: added('.mcp.json.md'),
  },
  {
    rule: 'codeowners',
    name: 'CODEOWNERS that moved out of the way',
    file: '.github/CODEOWNERS',
    caught: step({ '.github/CODEOWNERS': CODE }, { 'docs/old/CODEOWNERS.bak': CODE }),
    innocent: step({ 'docs/old/CODEOWNERS.txt': CODE }, { 'docs/old/CODEOWNERS.bak': CODE }),
  },
];

const guard = (rule: Case['rule'], path: string, twin: string, more: Partial<Case> = {}): Case => ({
  rule,
  name: path,
  file: path,
  caught: added(path),
  innocent: added(twin),
  ...more,
});
const ACTION = 'name: set up\nruns:\n  using: composite\n  steps: []\n';

export const MORE_GUARDS: readonly Case[] = [
  guard('workflow', '.mergify.yml', 'docs/mergify.yml'),
  guard('workflow', 'renovate.json', 'src/renovate.json'),
  guard('workflow', '.github/dependabot.yml', 'docs/dependabot.yml'),
  guard('workflow', '.drone.yml', 'src/drone.yml'),
  guard('workflow', '.travis.yml', 'src/travis.yml'),
  guard('workflow', 'bitbucket-pipelines.yml', 'docs/bitbucket-pipelines.md'),
  guard('workflow', 'ci/build.gitlab-ci.yml', 'ci/build.yml'),
  guard('workflow', 'netlify.toml', 'docs/netlify.toml', { severity: 'warn' }),
  guard('workflow', '.github/scripts/deploy.sh', 'scripts/deploy.sh', { severity: 'warn' }),
  guard('workflow', 'tools/setup/action.yml', 'roles/setup/action.yml', {
    caught: added('tools/setup/action.yml', ACTION),
  }),
  guard('codeowners', 'docs/CODEOWNERS', 'src/docs/codeowners.md'),
  guard('codeowners', 'pkg/OWNERS', 'pkg/owners.go'),
  guard('agent_config', '.claude-plugin/plugin.json', 'src/claude-plugin.json'),
  guard('agent_config', 'skills/a/SKILL.md', 'skills/a/skill.txt'),
  guard('agent_config', '.vscode/mcp.json', '.vscode/extensions.json'),
  guard('agent_config', '.gemini/settings.json', 'src/gemini/settings.json'),
  guard('agent_config', '.aider.conf.yml', 'src/aider.conf.yml'),
  guard('git_hooks', 'lefthook.yml', 'docs/lefthook.md'),
  guard('git_hooks', '.pre-commit-config.yaml', 'docs/pre-commit.yaml'),
  guard('git_hooks', '.lintstagedrc.mjs', 'src/lintstaged.mjs'),
  guard('git_hooks', '.gitconfig', '.gitignore'),
  guard('dev_environment', '.vscode/settings.json', '.vscode/shop.code-snippets'),
  guard('dev_environment', '.idea/runConfigurations/a.xml', '.idea/codeStyles/a.xml'),
  guard('dev_environment', '.pdbrc', 'docs/pdbrc.md'),
  guard('install_script', '.yarnrc.yml', 'docs/yarnrc.yml'),
  guard('install_script', 'pip.conf', 'docs/pip.conf.md'),
  guard('install_script', 'gradle/init.d/a.gradle', 'gradle/libs.versions.toml'),
];
