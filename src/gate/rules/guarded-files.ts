// Files that run or steer something outside of the program: CI, agents, reviewers, hooks, editors. Any touch counts:
// added, changed, removed, renamed from or to.
import type { GateRule, Severity } from '../../job/gate-rules.ts';
import { type FileRule, foldPath, pathsOf } from '../found.ts';

type Guard = Readonly<{ rule: GateRule; paths: readonly RegExp[]; severity?: Severity; say: string }>;

/** All paths are folded, but for those of `EXACT`. The first guard that fits speaks. */
const GUARDS: readonly Guard[] = [
  {
    rule: 'workflow',
    paths: [
      /^\.(github|gitea|forgejo)\/(workflows|actions)\//,
      /^\.github\/(settings|dependabot|renovate)\b/,
      /^action\.ya?ml$/,
      /(^|\/)\.gitlab-ci\.ya?ml$|^\.gitlab\/ci\//,
      /^\.(circleci|buildkite|semaphore|teamcity|tekton|harness|azuredevops|azure-pipelines|ci)\//,
      /(^|\/)jenkinsfile(\.(?!md$|txt$|rst$|adoc$)[^/]*)?$/,
      /(^|\/)azure-pipelines[^/]*\.ya?ml$/,
      /(^|\/)(bitbucket-pipelines|\.travis|\.?appveyor|\.drone|\.cirrus|cloudbuild|buildspec|codefresh|wercker)\.(ya?ml|star|jsonnet|json)$/,
      /^\.woodpecker(\.ya?ml$|\/)/,
    ],
    say: 'defines what CI runs, with its secrets and rights. Look at every step it adds or changes.',
  },
  {
    rule: 'codeowners',
    paths: [/^(\.github\/|\.gitlab\/|\.gitea\/|\.forgejo\/|docs\/)?codeowners$/],
    say: 'says who must review what. Look at who gains or loses a say.',
  },
  {
    rule: 'agent_config',
    paths: [
      /(^|\/)\.(claude|cursor|codex|kilocode|kilo|opencode|gemini|windsurf|roo|cline|clinerules|continue|agents?|goose|amazonq|augment|junie|kiro|qwen|trae|copilot|factory|crush|openhands)\//,
      /(^|\/)\.?mcp\.jsonc?$/,
      /(^|\/)\.?(opencode|kilo|kilocode|crush)\.jsonc?$/,
      /(^|\/)\.claude\.json$|(^|\/)\.aider[^/]*$/,
      /(^|\/)\.(cursorrules|windsurfrules|clinerules|roorules[^/]*|roomodes|goosehints|kilocodemodes|cursorignore)$/,
      /^(agents?|claude|gemini|codex|qwen|warp|opencode)(\.local|\.override)?\.md$/,
      /^\.github\/(copilot-[^/]*|instructions\/.*|prompts\/.*|chatmodes\/.*|agents\/.*)$/,
    ],
    say: 'is read by coding agents as configuration or instructions. Look at what it tells or lets them do.',
  },
  {
    rule: 'git_hooks',
    paths: [
      /(^|\/)\.(husky|githooks|git-hooks|hooks)\//,
      /(^|\/)\.pre-commit-(config|hooks)\.ya?ml$/,
      /(^|\/)\.?lefthook(-local)?\.(ya?ml|toml|json)$/,
      /(^|\/)\.(overcommit\.ya?ml|huskyrc[^/]*|lintstagedrc[^/]*|simple-git-hooks[^/]*)$|(^|\/)lint-staged\.config\.[^/]*$/,
      /(^|\/)hooks\/(pre|post)-(commit|checkout|merge|push|rewrite|receive|applypatch)$|(^|\/)hooks\/(commit-msg|prepare-commit-msg|update)$/,
    ],
    say: 'runs on the machine of everybody who commits or checks out. Look at what it starts.',
  },
  {
    rule: 'dev_environment',
    paths: [
      /(^|\/)\.vscode\/(tasks|launch|settings)\.json$/,
      /(^|\/)\.devcontainer(\/|\.json$)/,
      /(^|\/)\.(envrc|exrc|nvim\.lua|nvimrc|vimrc|gdbinit|lldbinit|dir-locals\.el|mise\.toml|rtx\.toml)$|(^|\/)mise\.toml$/,
      /(^|\/)\.(zed|fleet)\/|(^|\/)\.idea\/(runconfigurations|externaldependencies|workspace)|(^|\/)\.run\/[^/]+\.xml$/,
      /\.code-workspace$|(^|\/)\.gitpod\.ya?ml$/,
    ],
    say: 'is run or obeyed by editors and shells when the folder is opened. Look at what it starts.',
  },
  {
    rule: 'install_script',
    paths: [
      /(^|\/)\.(npmrc|yarnrc|yarnrc\.ya?ml|pnpmfile\.[cm]?js|pypirc)$/,
      /(^|\/)\.yarn\/(releases|plugins)\//,
      /(^|\/)(bunfig\.toml|binding\.gyp|hatch_build\.py|setup\.py|build\.rs|extconf\.rb|pip\.(conf|ini)|(site|user)customize\.py|nuget\.config)$/,
      /(^|\/)\.cargo\/config(\.toml)?$/,
      /(^|\/)gradle\/wrapper\/|(^|\/)(gradlew|mvnw)(\.bat|\.cmd)?$|(^|\/)\.mvn\/|(^|\/)init\.gradle(\.kts)?$/,
    ],
    say: 'runs, or decides what runs, when the project is installed or built. Look at what it starts and from where.',
  },
  {
    rule: 'install_script',
    severity: 'warn',
    paths: [
      /(^|\/)conftest\.py$/,
      /(^|\/)(directory\.build\.(props|targets)|\.bazelrc|flake\.nix|shell\.nix|pnpm-workspace\.yaml)$/,
    ],
    say: 'is run by every build or test. Look at what it starts.',
  },
];

/** Instructions for agents in any folder; `docs/agents.md` is a page about agents. */
const EXACT = /(^|\/)(AGENTS?|CLAUDE|GEMINI|CODEX|QWEN)(\.local|\.override)?\.md$/;

export const guardedFiles: FileRule = (file) => {
  for (const path of pathsOf(file)) {
    const folded = foldPath(path);
    const guard = EXACT.test(path)
      ? GUARDS.find(({ rule }) => rule === 'agent_config')
      : GUARDS.find(({ paths }) => paths.some((pattern) => pattern.test(folded)));
    if (guard === undefined) continue;
    const { rule, severity = 'block', say } = guard;
    const how = file.kind === 'deleted' ? 'was removed; it ' : '';
    return [{ rule, path, severity, say: `${how}${say}` }];
  }
  return [];
};
