// What a manifest makes of an installation: scripts that run by themselves, and dependencies from elsewhere than a registry.
import { z } from 'zod';
import { addedLines, baseName, type FileRule, type Found, folderOf, foldPath } from '../found.ts';

const text = z.record(z.string(), z.unknown()).catch({});
const packageSchema = z.looseObject({ scripts: text.optional() });

/** Run without being named, by npm, pnpm, yarn or bun, when a package is installed, packed or published. */
const LIFECYCLE =
  /^(pre|post)?(install|prepare|uninstall)$|^(prepublish|prepublishOnly|prepack|postpack|dependencies|preversion|postversion)$/;
const COMPOSER =
  /^(pre|post)-[a-z-]+-cmd$|^(pre|post)-(package|pool|file)[a-z-]*$|^post-(autoload|create)[a-z-]*$/;
const DEPENDENCIES = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'overrides',
  'resolutions',
] as const;
/** Names that let packages of others run their scripts. */
const TRUST = /^(trustedDependencies|allowScripts|onlyBuiltDependencies|gypfile|lavamoat|packageManager)$/;
const HOOKS = /^(husky|simple-git-hooks|lint-staged|pre-commit|gitHooks|yorkie|ghooks)$/;

type Json = Readonly<Record<string, unknown>>;

/** Undefined where the text is no JSON object. */
function readJson(source: string | undefined): Json | undefined {
  if (source === undefined) return undefined;
  try {
    const parsed = packageSchema.safeParse(JSON.parse(source.replace(/^\ufeff/, '')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

export const packageManifests: FileRule = (file) => {
  const name = baseName(foldPath(file.path));
  if ((name !== 'package.json' && name !== 'composer.json') || file.after === undefined) return [];
  const [before, after] = [readJson(file.whole.before) ?? {}, readJson(file.whole.after)];
  if (after === undefined) {
    const say =
      'is a manifest that is no valid JSON, so its scripts could not be judged. Look at it by hand.';
    return file.isUnread ? [] : [{ rule: 'install_script', path: file.path, severity: 'block', say }];
  }
  const at = (key: string) => lineOf(file, key);
  const lifecycle = name === 'package.json' ? LIFECYCLE : COMPOSER;
  return [
    ...changedKeys(before['scripts'], after['scripts'])
      .filter((key) => lifecycle.test(key))
      .map((key): Found => {
        const say = `has a script \`${key}\` that runs by itself when the project is installed. Look at what it starts.`;
        return { rule: 'install_script', path: file.path, ...at(key), severity: 'block', say };
      }),
    ...changedKeys(
      { ...before, ...asObject(before['pnpm']) },
      { ...after, ...asObject(after['pnpm']) },
    ).flatMap((key): Found[] => {
      const say = `changes \`${key}\`, which decides what runs by itself. Look at what it starts.`;
      if (TRUST.test(key))
        return [{ rule: 'install_script', path: file.path, ...at(key), severity: 'block', say }];
      return HOOKS.test(key)
        ? [{ rule: 'git_hooks', path: file.path, ...at(key), severity: 'block', say }]
        : [];
    }),
    ...(name === 'package.json'
      ? foreignPackages(file, before, after)
      : foreignRepositories(file, before, after)),
  ];
};

function foreignPackages(file: Parameters<FileRule>[0], before: Json, after: Json): Found[] {
  return DEPENDENCIES.flatMap((section) => {
    const [old, now] = [flatten(before[section]), flatten(after[section])];
    return [...now].flatMap(([key, version]): Found[] => {
      if (old.get(key) === version || !isForeign(version, file.path)) return [];
      const severity = version.startsWith('npm:') ? 'warn' : 'block';
      const what = version.startsWith('npm:') ? 'another package' : 'elsewhere than the registry';
      const say = `takes \`${key.slice(0, 100)}\` from ${what} (${JSON.stringify(maskUrl(version))}). Look at who can change what is there.`;
      return [{ rule: 'dependency_source', path: file.path, ...lineOf(file, version), severity, say }];
    });
  });
}

function foreignRepositories(file: Parameters<FileRule>[0], before: Json, after: Json): Found[] {
  if (JSON.stringify(before['repositories'] ?? null) === JSON.stringify(after['repositories'] ?? null))
    return [];
  const say = 'changes where packages come from. Look at every address in `repositories`.';
  return [
    { rule: 'dependency_source', path: file.path, ...lineOf(file, 'repositories'), severity: 'block', say },
  ];
}

/** `overrides` nest. */
function flatten(section: unknown, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(asObject(section))) {
    if (typeof value === 'string') flat.set(`${prefix}${key}`, value.trim());
    else for (const [inner, version] of flatten(value, `${prefix}${key} > `)) flat.set(inner, version);
  }
  return flat;
}

function isForeign(version: string, path: string): boolean {
  if (/^(workspace|catalog|patch|portal|link|jsr):/.test(version))
    return /^(link|portal):.*\.\.\/\.\./.test(version);
  if (/^npm:/.test(version)) return true;
  const local = /^(?:file:)?(\.{1,2}\/.*|\.{1,2})$/.exec(version)?.[1];
  if (local !== undefined) return leavesTree(folderOf(path), local);
  return /^[a-z][a-z+]*:|^git@|^[\w.-]+\/[\w.-]+(#|$)|^(~\/|\/)/i.test(version);
}

function leavesTree(folder: string, target: string): boolean {
  const depth = folder.split('/').length - 1;
  return (target.match(/(^|\/)\.\.(?=\/|$)/g) ?? []).length > depth;
}

/** Addresses may hold a login. */
function maskUrl(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//***@').slice(0, 150);
}

function asObject(value: unknown): Json {
  return text.parse(value ?? {});
}

/** Keys that are new or say something else. */
function changedKeys(before: unknown, after: unknown): string[] {
  const old = asObject(before);
  return Object.entries(asObject(after))
    .filter(([key, value]) => JSON.stringify(old[key]) !== JSON.stringify(value))
    .map(([key]) => key);
}

function lineOf(file: Parameters<FileRule>[0], word: string): { line?: number } {
  for (const { line, text } of addedLines(file)) if (text.includes(word)) return { line };
  return {};
}

type Line = Readonly<{ files: RegExp; line: RegExp; say: string }>;

const FROM_ELSEWHERE =
  'takes a dependency from elsewhere than the registry. Look at who can change what is there.';

/** Manifests that are read line by line; names are folded. */
const LINES: readonly Line[] = [
  {
    files:
      /(^|\/)(requirements[^/]*|constraints[^/]*)\.(txt|in)$|(^|\/)requirements\/[^/]+\.(txt|in)$|(^|\/)(setup\.(py|cfg)|pyproject\.toml|pipfile|environment\.ya?ml)$/,
    line: /\b(git|hg|svn|bzr)\+(https?|ssh|git|file):|@\s*https?:\/\/|^\s*(-e\s+)?https?:\/\/|(^|\s)(-i|-f|--(extra-)?index-url|--find-links|--trusted-host)\b|^\s*git\s*=\s*["']|\bgit\s*=\s*["'](https?|ssh|git)|^\s*url\s*=\s*["']http|\{[^}]*\burl\s*=\s*["']http/,
    say: FROM_ELSEWHERE,
  },
  {
    files: /(^|\/)cargo\.toml$/,
    line: /\bgit\s*=\s*"|^\s*\[(patch|source|replace)\b|\bregistry(-index)?\s*=\s*"/,
    say: FROM_ELSEWHERE,
  },
  {
    files: /(^|\/)go\.(mod|work)$/,
    line: /^\s*replace\b|=>\s*\S/,
    say: 'replaces a module by another. Look at what it becomes.',
  },
  {
    files: /(^|\/)(gemfile|gems\.rb)$|\.gemspec$/,
    line: /\b(git|github|gist|bitbucket)\s*(:|=>)|:git\s*=>|^\s*(git|source)\s+["'](?!https:\/\/rubygems\.org)/,
    say: FROM_ELSEWHERE,
  },
  {
    files: /\.gradle(\.kts)?$|(^|\/)pom\.xml$/,
    line: /\bmaven\s*(\{|\().*url|^\s*url\s*(=|\(|=?\s*uri)?.*http|<(repository|pluginRepository)>|\bjitpack\b/,
    say: 'adds a place where packages come from. Look at who can change what is there.',
  },
  {
    files: /(^|\/)pyproject\.toml$/,
    line: /^\s*(build-backend|backend-path)\s*=|^\s*\[build-system\]/,
    say: 'changes what builds the package, and so what runs at its installation. Look at what it starts.',
  },
  {
    files: /(^|\/)(package\.swift|podfile|mix\.exs|pubspec\.ya?ml)$/,
    line: /\bgit:\s*["':]|:git\s*=>|^\s*git:|\bgithub:\s*"/,
    say: FROM_ELSEWHERE,
  },
];

export const lineManifests: FileRule = (file) => {
  const path = foldPath(file.path);
  const rules = LINES.filter(({ files }) => files.test(path));
  if (rules.length === 0 || file.isBinary) return [];
  const found: Found[] = [];
  const before = file.whole.before?.split(/\r?\n/) ?? [];
  const known = new Set(before.map((line) => line.trim()));
  for (const { line, text } of addedLines(file)) {
    if (known.has(text.trim()) || /^\s*(#|\/\/)/.test(text)) continue;
    const hit = rules.find((rule) => rule.line.test(text));
    if (!hit) continue;
    const rule = /build-backend|backend-path|build-system/.test(text)
      ? 'install_script'
      : 'dependency_source';
    // Homepages and documentation of the project itself are addresses as well.
    if (
      rule === 'dependency_source' &&
      /^\s*["']?(homepage|repository|documentation|source|changelog|issues|bug)\w*["']?\s*=/i.test(text)
    )
      continue;
    found.push({ rule, path: file.path, line, severity: 'block', say: hit.say });
    if (found.length >= 5) break;
  }
  return found;
};
