// The table of paths that run or steer something outside of the program: CI, deployment, agents, reviewers, hooks, editors,
// installations. Sources: the documentation of each of these programs on where it looks for its files.
import type { GateRule, Severity } from '../../job/gate-rules.ts';
import { baseName, foldPath } from '../found.ts';

export type Guard = Readonly<{ rule: GateRule; paths: readonly RegExp[]; severity?: Severity; say: string }>;

/** All paths are folded, but for those of `EXACT`. The first guard that fits speaks. */
const GUARDS: readonly Guard[] = [
  {
    rule: 'workflow',
    paths: [
      /^\.(github|gitea|forgejo)\/(workflows|actions)\//,
      /^\.github\/(settings|dependabot|renovate|mergify)\b/,
      /^action\.ya?ml$/,
      /(^|\/)[^/]*\.gitlab-ci\.ya?ml$|^\.gitlab\/ci\//,
      /^\.(circleci|buildkite|semaphore|teamcity|tekton|harness|azuredevops|azure-pipelines|ci|mergify)\//,
      /(^|\/)jenkinsfile(\.(?!md$|txt$|rst$|adoc$)[^/]*)?$/,
      /(^|\/)azure-pipelines[^/]*\.ya?ml$/,
      /(^|\/)(bitbucket-pipelines|\.travis|\.?appveyor|\.drone|\.cirrus|cloudbuild|buildspec|codefresh|wercker)\.(ya?ml|star|jsonnet|json)$/,
      /^\.woodpecker(\.ya?ml$|\/)/,
      /^(\.mergify\.ya?ml|\.kodiak\.toml|bors\.toml|\.renovaterc(\.json5?)?|renovate\.json5?|\.dependabot\/config\.ya?ml)$/,
    ],
    say: 'defines what CI runs, with its secrets and rights. Look at every step it adds or changes.',
  },
  {
    rule: 'codeowners',
    paths: [/^(\.github\/|\.gitlab\/|\.gitea\/|\.forgejo\/|docs\/)?codeowners$/, /^\.pullapprove\.ya?ml$/],
    say: 'says who must review what. Look at who gains or loses a say.',
  },
  {
    rule: 'agent_config',
    paths: [
      /(^|\/)\.(claude|claude-plugin|cursor|codex|codex-plugin|kilocode|kilo|opencode|gemini|windsurf|roo|cline|clinerules|continue|agents?|goose|amazonq|augment|junie|kiro|qwen|trae|copilot|factory|crush|openhands|amp|devin|zencoder|codebuddy|rovodev|iflow|codeium|mcp)\//,
      /(^|\/)\.?mcp([-_](config|servers))?\.jsonc?$/,
      /(^|\/)\.?(opencode|kilo|kilocode|crush)\.jsonc?$/,
      /(^|\/)\.claude\.json$|(^|\/)\.aider[^/]*$/,
      /(^|\/)\.(cursorrules|windsurfrules|clinerules|roorules[^/]*|roomodes|goosehints|kilocodemodes|cursorignore|claudeignore|geminiignore|aiexclude|rules)$/,
      /^(agents?|claude|gemini|codex|qwen|warp|opencode)(\.local|\.override)?\.md$/,
      /^\.github\/(copilot-[^/]*|(instructions|prompts|chatmodes|agents|skills|hooks|copilot)\/.*)$/,
      /(^|\/)\.vscode\/mcp\.json$/,
    ],
    say: 'is read by coding agents as configuration or instructions. Look at what it tells or lets them do.',
  },
  {
    rule: 'git_hooks',
    paths: [
      /(^|\/)\.(husky|githooks|git-hooks|git_hooks|hooks|lefthook|lefthook-local|cargo-husky)\//,
      /(^|\/)\.pre-commit-(config|hooks)\.ya?ml$|(^|\/)prek\.toml$/,
      /(^|\/)\.?lefthook(-local)?\.(ya?ml|toml|json)$/,
      /(^|\/)(\.overcommit\.ya?ml|\.huskyrc[^/]*|\.lintstagedrc[^/]*|\.?simple-git-hooks[^/]*|\.rusty-hook\.toml|captainhook\.json|hk\.pkl)$|(^|\/)lint-staged\.config\.[^/]*$/,
      /(^|\/)hooks\/(pre|post)-(commit|checkout|merge|push|rewrite|receive|applypatch)$|(^|\/)hooks\/(commit-msg|prepare-commit-msg|update)$/,
      /(^|\/)\.gitconfig$/,
    ],
    say: 'runs on the machine of everybody who commits or checks out. Look at what it starts.',
  },
  {
    rule: 'dev_environment',
    paths: [
      /(^|\/)\.vscode\/((tasks|launch|settings)\.json$|extensions\/)/,
      /(^|\/)\.devcontainer(\/|\.json$)/,
      /(^|\/)\.(envrc|direnvrc|autoenv|exrc|nvim\.lua|nvimrc|vimrc|lvimrc|gdbinit|lldbinit|pdbrc|pryrc|irbrc|dir-locals\.el|mise\.toml|rtx\.toml)$|(^|\/)mise\.toml$/,
      /(^|\/)\.(zed|fleet|gitpod|codesandbox|stackblitz)\/|(^|\/)\.idea\/(runconfigurations|externaldependencies|workspace|watchertasks|startup|tools|externaltools)|(^|\/)\.run\/[^/]+\.xml$/,
      /\.(code-workspace|sublime-project)$|(^|\/)\.gitpod\.ya?ml$|(^|\/)\.(replit|stackblitzrc)$/,
    ],
    say: 'is run or obeyed by editors and shells when the folder is opened. Look at what it starts.',
  },
  {
    rule: 'install_script',
    paths: [
      /(^|\/)\.(npmrc|yarnrc|yarnrc\.ya?ml|pnpmfile\.[cm]?js|pypirc|condarc|gemrc)$/,
      /(^|\/)\.yarn\/(releases|plugins)\//,
      /(^|\/)(bunfig\.toml|binding\.gyp|hatch_build\.py|setup\.py|build\.rs|extconf\.rb|\.?pip\.(conf|ini)|uv\.toml|(site|user)customize\.py|nuget\.config)$/,
      /(^|\/)\.cargo\/config(\.toml)?$|(^|\/)\.bundle\/config$|(^|\/)\.m2\/|(^|\/)\.?(gradle\/)?init\.d\/[^/]+\.gradle(\.kts)?$/,
      /(^|\/)gradle\/wrapper\/|(^|\/)(gradlew|mvnw)(\.bat|\.cmd)?$|(^|\/)\.mvn\/|(^|\/)init\.gradle(\.kts)?$/,
    ],
    say: 'runs, or decides what runs, when the project is installed or built. Look at what it starts and from where.',
  },
  {
    rule: 'install_script',
    severity: 'warn',
    paths: [
      /(^|\/)(\.pnp\.c?js|\.pnp\.loader\.mjs|package\.json5)$/,
      /(^|\/)(directory\.build\.(props|targets)|\.bazelrc|flake\.nix|shell\.nix|devenv\.nix|devbox\.json|pnpm-workspace\.yaml|poetry\.toml|pdm\.toml)$/,
    ],
    say: 'is run by every build or test. Look at what it starts.',
  },
  {
    rule: 'workflow',
    severity: 'warn',
    paths: [
      /^(vercel\.json|netlify\.toml|fly\.toml|render\.yaml|procfile|\.goreleaser\.ya?ml|\.releaserc(\.[^/]*)?)$/,
      /^\.github\/.*\.(sh|bash|ps1|py|rb|[cm]?[jt]s)$/,
    ],
    say: 'is run by CI or decides what is deployed. Look at what it changes there.',
  },
];

/** Instructions for agents in any folder; `docs/agents.md` is a page about agents. */
const EXACT = /(^|\/)((AGENTS?|CLAUDE|GEMINI|CODEX|QWEN)(\.local|\.override)?|SKILL)\.md$/;
/** Who may approve what in a folder, where Prow reads it. */
const OWNERS = /(^|\/)OWNERS(_ALIASES)?$/;

/** The guard over a path, if it has one. */
export function guardOf(path: string): Guard | undefined {
  if (EXACT.test(path)) return GUARDS.find(({ rule }) => rule === 'agent_config');
  if (OWNERS.test(path)) return GUARDS.find(({ rule }) => rule === 'codeowners');
  const folded = foldPath(path);
  return GUARDS.find(({ paths }) => paths.some((pattern) => pattern.test(folded)));
}

/** Whether coding agents read what lies there as configuration or instructions, a link in its place included. */
export function steersAgents(path: string): boolean {
  return [guardOf(path), guardBelow(path)].some((guard) => guard?.rule === 'agent_config');
}

/** What may lie in a folder that has a guard, so that a link in the folder's place is known by it. */
const INSIDE = ['/x', '/workflows/x', '/settings.json', '/config', '/codeowners', '/runconfigurations'];

/** The guard over what a link at this path would show. */
export function guardBelow(path: string): Guard | undefined {
  for (const inside of INSIDE) {
    const guard = guardOf(`${path}${inside}`);
    if (guard) return guard;
  }
  return undefined;
}

/** An action of CI anywhere: other files of this name (of Ansible, of games) say nothing of how they run. */
export function isAction(path: string, text: string): boolean {
  return /^action\.ya?ml$/.test(baseName(foldPath(path))) && /^runs:/m.test(text) && /\busing:/.test(text);
}
