// Manifests that are read line by line: dependencies from elsewhere than a registry, and what the build runs.

import type { GateRule } from '../../job/gate-rules.ts';
import { addedLines, type FileRule, type Found, foldPath } from '../found.ts';
import { leavesTree } from './foreign.ts';

type Line = Readonly<{ files: RegExp; line: RegExp; rule?: GateRule; say: string }>;

const FROM_ELSEWHERE =
  'takes a dependency from elsewhere than the registry. Look at who can change what is there.';
const NEW_PLACE = 'adds a place where packages come from. Look at who can change what is there.';
const RUN_AT_BUILD = 'changes what runs when the project is built or installed. Look at what it starts.';

/** Names of files are folded. */
const LINES: readonly Line[] = [
  {
    files:
      /(^|\/)[^/]*(requirements|constraints)[^/]*\.(txt|in|pip)$|(^|\/)requirements\/[^/]+\.(txt|in)$|(^|\/)(setup\.cfg|pyproject\.toml|pipfile|environment\.ya?ml)$/,
    line: /\b(git|hg|svn|bzr)\+(https?|ssh|git|file):|@\s*https?:\/\/|^\s*(-e\s+|-\s+)?https?:\/\/|(^|\s)-[if]\s*=?\s*["']?(https?:|file:|\/)|(^|\s)--(extra-)?index-url\b|(^|\s)--(find-links|trusted-host)\b|(^|\s)-[rc]\s*https?:|^\s*git\s*=\s*["']|\bgit\s*=\s*["'](https?|ssh|git)|^\s*url\s*=\s*["']http|\{[^}]*\burl\s*=\s*["']http|^\s*((extra-)?index-url|default-index|find-links)\s*=/,
    say: FROM_ELSEWHERE,
  },
  {
    files: /(^|\/)cargo\.toml$/,
    line: /\bgit\s*=\s*"|^\s*\[(patch|source|replace)\b|\bregistry(-index)?\s*=\s*"/,
    say: FROM_ELSEWHERE,
  },
  { files: /(^|\/)cargo\.toml$/, line: /^\s*build\s*=\s*["']/, rule: 'install_script', say: RUN_AT_BUILD },
  {
    files: /(^|\/)go\.(mod|work)$/,
    line: /=>\s*\S/,
    say: 'replaces a module by another. Look at what it becomes.',
  },
  {
    files: /(^|\/)(gemfile|gems\.rb)$|\.gemspec$/,
    line: /\b(git|github|gist|bitbucket)\s*(:|=>)|:git\s*=>|^\s*(git|source)[\s(]+["'](?!https:\/\/rubygems\.org\/?["'])|[\s,(]:?source\s*(:|=>)\s*["'](?!https:\/\/rubygems\.org\/?["'])/,
    say: FROM_ELSEWHERE,
  },
  {
    files: /(^|\/)(gemfile|gems\.rb)$/,
    line: /^\s*plugin[\s(]+["']/,
    rule: 'install_script',
    say: RUN_AT_BUILD,
  },
  {
    files: /\.gradle(\.kts)?$/,
    line: /\bmaven\s*\{.*\burl\b|\b(maven|ivy)\s*\(\s*(url\s*=\s*)?(uri\s*\(\s*)?["']|^\s*(set)?url\s*(=|\(|\s)\s*(uri\s*\(\s*)?["']?http|\bjitpack\b/i,
    say: NEW_PLACE,
  },
  {
    files: /\.gradle(\.kts)?$/,
    line: /\bapply\s*\(?\s*\(?(from|\{\s*from)\s*[:=(]+\s*(uri\s*\(\s*)?["']https?:/,
    rule: 'remote_code',
    say: 'runs a build script from the net. Keep it in the repository instead.',
  },
  {
    files: /(^|\/)gradle\.properties$/,
    line: /-javaagent|^\s*systemprop\.(https?\.proxy|javax\.net\.ssl)|^\s*distributionurl/i,
    rule: 'install_script',
    say: RUN_AT_BUILD,
  },
  {
    files: /(^|\/)(package\.swift|podfile|mix\.exs|pubspec\.ya?ml)$/,
    line: /\bgit:\s*["':]|:git\s*=>|^\s*git:|\bgithub:\s*"|^\s*source\s+["'](?!https:\/\/(cdn\.cocoapods\.org|github\.com\/CocoaPods\/))/,
    say: FROM_ELSEWHERE,
  },
  {
    files: /(^|\/)(deno\.jsonc?|import_map\.json)$/,
    line: /"https?:\/\/(?!(deno\.land|jsr\.io|esm\.sh|json\.schemastore\.org|raw\.githubusercontent\.com\/denoland\/)\b)[^"]*"/,
    say: FROM_ELSEWHERE,
  },
];

/** Homepages and documentation of the project itself are addresses as well. */
const OWN_PAGE =
  /^\s*["']?(homepage|repository|documentation|source|changelog|issues|bug)\w*["']?\s*=|^\s*"\$schema"/i;

export const lineManifests: FileRule = (file) => {
  const path = foldPath(file.path);
  const rules = LINES.filter(({ files }) => files.test(path));
  if (rules.length === 0 || file.isBinary) return [];
  const found: Found[] = [];
  const known = new Set(file.whole.before?.split(/\r?\n/).map((line) => line.trim()));
  for (const { line, text } of addedLines(file)) {
    if (known.has(text.trim()) || /^\s*(#|\/\/)/.test(text) || OWN_PAGE.test(text)) continue;
    const hit = rules.find((rule) => rule.line.test(text));
    if (!hit || isOwnModule(path, text)) continue;
    const { rule = 'dependency_source', say } = hit;
    found.push({ rule, path: file.path, line, severity: 'block', say });
    if (found.length >= 5) break;
  }
  return found;
};

/** Go modules of one repository replace each other by their folders. */
function isOwnModule(path: string, text: string): boolean {
  const target =
    /(^|\/)go\.(mod|work)$/.test(path) && /=>\s*(\.{1,2}(?:\/\S*)?)\s*(\/\/.*)?$/.exec(text)?.[1];
  return typeof target === 'string' && !leavesTree(path, target);
}

/** Parts of a file that are judged whole: any change in them counts. */
const SECTIONS: readonly Readonly<{ files: RegExp; part: RegExp; rule: GateRule; say: string }>[] = [
  {
    files: /(^|\/)pom\.xml$/,
    part: /<(repositories|pluginRepositories|distributionManagement)>[\s\S]*?<\/\1>/g,
    rule: 'dependency_source',
    say: NEW_PLACE,
  },
  {
    files: /(^|\/)pyproject\.toml$/,
    part: /^\[+tool\.(?:hatch\.build[\w.-]*\.hooks\.custom|hatch\.metadata\.hooks\.custom|poetry\.build|pdm\.build|setuptools\.cmdclass)\]+[^\n]*\n(?:(?!\[)[^\n]*\n?)*/gm,
    rule: 'install_script',
    say: RUN_AT_BUILD,
  },
];

export const manifestSections: FileRule = (file) => {
  const path = foldPath(file.path);
  return SECTIONS.flatMap(({ files, part, rule, say }): Found[] => {
    if (!files.test(path)) return [];
    const partsOf = (text = '') => [...text.matchAll(part)].map(([one]) => one.replace(/\s+/g, ' ').trim());
    const known = new Set(partsOf(file.whole.before));
    const isNew = partsOf(file.whole.after).some((one) => !known.has(one));
    return isNew ? [{ rule, path: file.path, severity: 'block', say }] : [];
  });
};

const BACKENDS =
  /^(setuptools\.build_meta(:__legacy__)?|hatchling\.build|poetry\.core\.masonry\.api|poetry_dynamic_versioning\.backend|flit_core\.buildapi|pdm\.backend|maturin|scikit_build_core\.(setuptools\.)?build_meta|scikit_build_core\.build|mesonpy|uv_build)$/;
const BUILDERS =
  /^(setuptools([-_](scm|rust|git-versioning))?|wheel|hatchling|hatch-(vcs|fancy-pypi-readme|requirements-txt|jupyter-builder|nodejs-version)|poetry[-_]core|poetry|poetry-dynamic-versioning|flit[-_]core|pdm-backend|pdm-pep517|maturin|scikit-build(-core)?|cython|numpy|oldest-supported-numpy|meson-python|meson|ninja|cmake|pybind11|nanobind|cffi|uv[-_]build|versioneer|versioningit|packaging|tomli|jupyter[-_]packaging)$/i;

/** What builds a Python package runs at its installation (PEP 517, PEP 518). */
export const pythonBuild: FileRule = (file) => {
  if (!/(^|\/)pyproject\.toml$/.test(foldPath(file.path)) || file.after === undefined) return [];
  const [before, after] = [buildSystem(file.whole.before), buildSystem(file.whole.after)];
  if (after === '' || before === after) return [];
  const backend = /^build-backend *= *["']([^"']*)["']/m.exec(after)?.[1];
  const needs = /^requires *= *\[([^\]]*)\]/m.exec(after)?.[1] ?? '';
  const names = [...needs.matchAll(/["']([^"']*)["']/g)].map(([, need = '']) => need);
  const isUsual =
    (backend === undefined || BACKENDS.test(backend)) &&
    !/^backend-path/m.test(after) &&
    names.every((need) => BUILDERS.test(/^[\w.-]+/.exec(need)?.[0] ?? '') && !/[@/]/.test(need));
  if (isUsual && before === '') return [];
  const say =
    'changes what builds the package, and so what runs at its installation. Look at what it starts.';
  return [{ rule: 'install_script', path: file.path, severity: isUsual ? 'warn' : 'block', say }];
};

function buildSystem(text = ''): string {
  const part =
    /^[ \t]*\[build-system\][^\n]*\n((?:(?![ \t]*\[[\w."-]+\][ \t]*(?:#|$))[^\n]*\n?)*)/m.exec(text)?.[1] ??
    '';
  return part
    .replace(/#.*$/gm, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/\n\s*\n/g, '\n')
    .trim();
}
