// The gate's rules as data: linters, type checkers, and thresholds that are switched off, in the tools people use.
import type { Case, Step } from './cases.ts';

type Edit = readonly [path: string, before: string, caught: string, innocent: string];

export const off = (
  name: string,
  [path, before, caught, innocent]: Edit,
  more: Partial<Case> = {},
): Case => ({
  rule: 'check_off',
  name: `${name} (${path})`,
  file: path,
  severity: 'warn',
  caught: { before: { [path]: before }, after: { [path]: caught } },
  innocent: { before: { [path]: before }, after: { [path]: innocent } },
  ...more,
});
/** A line that comes into code. */
const line = (path: string, [caught, innocent]: readonly [caught: string, innocent: string]): Case =>
  off(caught.trim(), [path, 'first\nlast\n', `first\n${caught}\nlast\n`, `first\n${innocent}\nlast\n`]);
const WORDS: readonly Case[] = [
  line('src/a.ts', ['// eslint-disable-next-line no-console', "const say = '// eslint-disable-next-line';"]),
  line('src/a.js', ['/* eslint-disable */', '/* what eslint says */']),
  line('src/a.ts', ['// biome-ignore lint/suspicious/noExplicitAny: later', '// Biome ignores nothing.']),
  line('src/a.ts', ['// @ts-ignore', '// The types say so.']),
  line('src/a.ts', ['// @ts-nocheck', 'const text = "// @ts-nocheck";']),
  line('src/a.ts', ['// @ts-expect-error wrong', '// An error is expected.']),
  line('src/a.py', ['import os  # noqa: F401', 'import os  # no quality lost']),
  line('src/a.py', ['x = f()  # type: ignore[arg-type]', 'x = f()  # type: int']),
  line('src/a.py', ['# pylint: disable=broad-except', '# Broad exceptions are caught above.']),
  line('src/a.py', ['def f():  # pragma: no cover', 'def f():  # cover']),
  line('src/a.py', ['subprocess.run(x, shell=True)  # nosec', 'subprocess.run(x)  # no section']),
  line('src/a.go', ['	f() //nolint:errcheck', '	f() // no lint is needed']),
  line('src/a.rs', ['#[allow(clippy::unwrap_used)]', '#[derive(Debug)]']),
  line('src/A.java', ['@SuppressWarnings("unchecked")', '@Override']),
  line('src/A.kt', ['@Suppress("UNCHECKED_CAST")', '@Synchronized']),
  line('src/A.cs', ['#pragma warning disable CS8602', '#pragma warning restore CS8602']),
  line('src/a.rb', ['# rubocop:disable Metrics/MethodLength', '# rubocop:enable Metrics/MethodLength']),
  line('src/a.php', ['/** @phpstan-ignore-next-line */', '/** @param int $a */']),
  line('src/A.swift', ['// swiftlint:disable force_cast', '// swiftlint:enable force_cast']),
  line('src/a.cc', ['int x = y; // NOLINT', 'int x = y; // linted']),
  line('src/a.ts', ['/* istanbul ignore next */', '/* from Istanbul */']),
  line('run.sh', ['# shellcheck disable=SC2086', '# checked by hand']),
  line('src/a.ex', ['# credo:disable-for-next-line', '# credo is happy']),
  off(
    'a word that only moved',
    [
      'src/a.ts',
      'a();\n// eslint-disable-next-line x\nb();\n',
      'a();\n// eslint-disable-next-line x\nb();\n// eslint-disable-next-line x\nc();\n',
      'before();\nmore();\na();\n  // eslint-disable-next-line x\n  b();\n',
    ],
    {
      innocent: {
        before: { 'src/a.ts': 'a();\n// eslint-disable-next-line x\nb();\n' },
        after: {
          'src/b.ts': 'other();\nthings();\nhere();\nand();\nthere();\n// eslint-disable-next-line x\nb();\n',
          'src/a.ts': 'a();\n',
        },
      },
    },
  ),
  {
    rule: 'check_off',
    name: 'words in prose',
    severity: 'warn',
    caught: { after: { 'src/a.js': '// eslint-disable-line\n' } },
    innocent: { after: { 'docs/lint.md': '// eslint-disable-line\n# noqa\n' } },
  },
  {
    rule: 'check_off',
    name: 'a type that a test expects to be wrong',
    severity: 'warn',
    caught: { after: { 'src/a.test.ts': '// @ts-ignore\nf(1);\n' } },
    innocent: { after: { 'src/a.test.ts': '// @ts-expect-error no number\nf(1);\n' } },
  },
];

const SETTINGS: readonly Case[] = [
  off('strict', [
    'tsconfig.json',
    '{\n  "compilerOptions": {\n    "strict": true\n  }\n}\n',
    '{\n  "compilerOptions": {\n    "strict": false\n  }\n}\n',
    '{\n  "compilerOptions": {\n    "strict": true,\n    "target": "es2022"\n  }\n}\n',
  ]),
  off('strict that is gone', [
    'tsconfig.json',
    '{\n  "compilerOptions": {\n    "strict": true,\n    "noEmit": true\n  }\n}\n',
    '{\n  "compilerOptions": {\n    "noEmit": true\n  }\n}\n',
    '{\n  "compilerOptions": {\n    "strict": true\n  }\n}\n',
  ]),
  off('skipLibCheck', [
    'tsconfig.json',
    '{\n  "compilerOptions": {\n    "strict": true\n  }\n}\n',
    '{\n  "compilerOptions": {\n    "strict": true,\n    "skipLibCheck": true\n  }\n}\n',
    '{\n  "compilerOptions": {\n    "strict": true,\n    "noImplicitReturns": true\n  }\n}\n',
  ]),
  off('noEmitOnError', [
    'tsconfig.json',
    '{\n  "compilerOptions": {\n    "noEmitOnError": true\n  }\n}\n',
    '{\n  "compilerOptions": {\n    "noEmitOnError": false\n  }\n}\n',
    '{\n  "compilerOptions": {\n    "noEmitOnError": true,\n    "outDir": "dist"\n  }\n}\n',
  ]),
  off('exclude', [
    'tsconfig.json',
    '{\n  "exclude": ["dist"]\n}\n',
    '{\n  "exclude": ["dist", "src/legacy"]\n}\n',
    '{\n  "exclude": ["dist", "node_modules"]\n}\n',
  ]),
  off('a rule', [
    '.eslintrc.json',
    '{\n  "rules": {\n    "no-console": "error"\n  }\n}\n',
    '{\n  "rules": {\n    "no-console": "off"\n  }\n}\n',
    '{\n  "rules": {\n    "no-console": "error",\n    "no-alert": "error"\n  }\n}\n',
  ]),
  off('a rule that warns only', [
    'eslint.config.js',
    "export default [{\n  rules: {\n    'no-console': 'error',\n  },\n}];\n",
    "export default [{\n  rules: {\n    'no-console': 'warn',\n  },\n}];\n",
    "export default [{\n  rules: {\n    'no-console': ['error', { allow: ['warn'] }],\n  },\n}];\n",
  ]),
  off('a new rule', [
    'eslint.config.mjs',
    "export default [{ rules: { eqeqeq: 'error' } }];\n",
    "export default [{ rules: { eqeqeq: 'error', '@typescript-eslint/no-explicit-any': 'off' } }];\n",
    "export default [{ rules: { eqeqeq: 'error', 'no-var': 'error' } }];\n",
  ]),
  off('a rule of Biome', [
    'biome.json',
    '{\n  "linter": {\n    "rules": {\n      "suspicious": {\n        "noExplicitAny": "error"\n      }\n    }\n  }\n}\n',
    '{\n  "linter": {\n    "rules": {\n      "suspicious": {\n        "noExplicitAny": "off"\n      }\n    }\n  }\n}\n',
    '{\n  "linter": {\n    "rules": {\n      "suspicious": {\n        "noExplicitAny": "error",\n        "noConsole": "error"\n      }\n    }\n  }\n}\n',
  ]),
  off('a linter', [
    'biome.json',
    '{\n  "linter": {\n    "enabled": true\n  }\n}\n',
    '{\n  "linter": {\n    "enabled": false\n  }\n}\n',
    '{\n  "linter": {\n    "enabled": true\n  },\n  "formatter": {\n    "lineWidth": 100\n  }\n}\n',
  ]),
  off('ignored files', ['.eslintignore', 'dist\n', 'dist\nsrc/legacy\n', 'dist\nnode_modules\n']),
  off('ruff', [
    'pyproject.toml',
    '[tool.ruff.lint]\nselect = ["E", "F"]\nignore = ["E501"]\n',
    '[tool.ruff.lint]\nselect = ["E", "F"]\nignore = ["E501", "F401"]\n',
    '[tool.ruff.lint]\nselect = ["E", "F", "B"]\nignore = ["E501"]\n',
  ]),
  off('flake8', [
    '.flake8',
    '[flake8]\nextend-ignore = E203\n',
    '[flake8]\nextend-ignore = E203, F401\n',
    '[flake8]\nextend-ignore = E203\nshow-source = true\n',
  ]),
  off('mypy', [
    'mypy.ini',
    '[mypy]\nstrict = True\n',
    '[mypy]\nstrict = True\n\n[mypy-shop.*]\nignore_errors = True\n',
    '[mypy]\nstrict = True\npretty = True\n',
  ]),
  off('mypy that is lax', [
    'mypy.ini',
    '[mypy]\ndisallow_untyped_defs = True\n',
    '[mypy]\ndisallow_untyped_defs = False\n',
    '[mypy]\ndisallow_untyped_defs = True\nwarn_unreachable = True\n',
  ]),
  off('coverage of pytest', [
    'pyproject.toml',
    '[tool.coverage.report]\nfail_under = 90\n',
    '[tool.coverage.report]\nfail_under = 60\n',
    '[tool.coverage.report]\nfail_under = 95\n',
  ]),
  off('coverage on a line', [
    'setup.cfg',
    '[tool:pytest]\naddopts = --cov-fail-under=90\n',
    '[tool:pytest]\naddopts = --cov-fail-under=10\n',
    '[tool:pytest]\naddopts = --cov-fail-under=95\n',
  ]),
  off('coverage of Jest', [
    'jest.config.js',
    'module.exports = {\n  coverageThreshold: {\n    global: {\n      branches: 80,\n      lines: 90,\n    },\n  },\n};\n',
    'module.exports = {\n  coverageThreshold: {\n    global: {\n      branches: 50,\n      lines: 90,\n    },\n  },\n};\n',
    'module.exports = {\n  coverageThreshold: {\n    global: {\n      branches: 85,\n      lines: 90,\n    },\n  },\n};\n',
  ]),
  off('coverage that is gone', [
    'vitest.config.ts',
    'export const config = {\n  coverage: {\n    thresholds: {\n      branches: 80,\n    },\n  },\n};\n',
    'export const config = {\n  coverage: {},\n};\n',
    'export const config = {\n  coverage: {\n    reporter: "text",\n    thresholds: {\n      branches: 80,\n    },\n  },\n};\n',
  ]),
  off('coverage of Codecov', [
    'codecov.yml',
    'coverage:\n  status:\n    project:\n      default:\n        target: 80%\n',
    'coverage:\n  status:\n    project:\n      default:\n        target: 20%\n',
    'coverage:\n  status:\n    project:\n      default:\n        target: 85%\n',
  ]),
  off('a level', [
    'phpstan.neon',
    'parameters:\n    level: 8\n',
    'parameters:\n    level: 2\n',
    'parameters:\n    level: 9\n',
  ]),
  off('a cop', [
    '.rubocop.yml',
    'Metrics/MethodLength:\n  Max: 10\n',
    'Metrics/MethodLength:\n  Enabled: false\n',
    'Metrics/MethodLength:\n  Max: 8\n',
  ]),
  off('a cop that lets more pass', [
    '.rubocop.yml',
    'Metrics/MethodLength:\n  Max: 10\n',
    'Metrics/MethodLength:\n  Max: 100\n',
    'Metrics/MethodLength:\n  Max: 10\nStyle/Foo:\n  Enabled: true\n',
  ]),
  off('a linter of Go', [
    '.golangci.yml',
    'linters:\n  disable:\n    - lll\n',
    'linters:\n  disable:\n    - lll\n    - errcheck\n',
    'linters:\n  enable:\n    - gosec\n  disable:\n    - lll\n',
  ]),
  off('a lint of Cargo', [
    'Cargo.toml',
    '[lints.clippy]\nunwrap_used = "deny"\n',
    '[lints.clippy]\nunwrap_used = "allow"\n',
    '[lints.clippy]\nunwrap_used = "forbid"\n',
  ]),
  off('warnings of .NET', [
    'Shop.csproj',
    '<Project>\n  <TreatWarningsAsErrors>true</TreatWarningsAsErrors>\n</Project>\n',
    '<Project>\n  <TreatWarningsAsErrors>false</TreatWarningsAsErrors>\n</Project>\n',
    '<Project>\n  <TreatWarningsAsErrors>true</TreatWarningsAsErrors>\n  <Nullable>enable</Nullable>\n</Project>\n',
  ]),
  off('an analyzer', [
    '.editorconfig',
    '[*.cs]\ndotnet_diagnostic.CA1822.severity = error\n',
    '[*.cs]\ndotnet_diagnostic.CA1822.severity = none\n',
    '[*.cs]\ndotnet_diagnostic.CA1822.severity = error\nindent_size = 4\n',
  ]),
  off('a build that goes on', [
    'build.gradle',
    'checkstyle {\n  maxWarnings = 0\n}\n',
    'checkstyle {\n  maxWarnings = 0\n  ignoreFailures = true\n}\n',
    'checkstyle {\n  maxWarnings = 0\n  toolVersion = "10"\n}\n',
  ]),
  off('a rule of SwiftLint', [
    '.swiftlint.yml',
    'disabled_rules:\n  - todo\n',
    'disabled_rules:\n  - todo\n  - force_cast\n',
    'disabled_rules:\n  - todo\nopt_in_rules:\n  - empty_count\n',
  ]),
];

const NEW: Step = {
  after: {
    'tsconfig.json': '{\n  "compilerOptions": {\n    "strict": false,\n    "skipLibCheck": true\n  }\n}\n',
    'eslint.config.js': "export default [{ rules: { 'no-console': 'off' } }];\n",
    '.eslintignore': 'src/legacy\n',
  },
};

export const CHECK_CASES: readonly Case[] = [
  ...WORDS,
  ...SETTINGS,
  {
    rule: 'check_off',
    name: 'settings that are new',
    severity: 'warn',
    caught: { before: { '.eslintrc.json': '{}\n' }, after: {} },
    innocent: NEW,
  },
];
