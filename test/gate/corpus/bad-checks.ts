// The corpus: changes that check less by their settings and commands. None of them may reach a person without a warning.
import { addition, type Diff, edit } from './diff.ts';

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
const PACKAGE: readonly [string, string] = [
  'package.json',
  json({
    name: 'shop',
    scripts: {
      build: 'vite build',
      pretest: 'npm run lint',
      test: 'vitest run',
      lint: 'eslint . && tsc --noEmit',
      ci: 'npm run lint && npm test && npm run e2e',
      e2e: 'playwright test',
    },
    jest: {
      testMatch: ['**/*.test.js', '**/*.spec.js'],
      collectCoverageFrom: ['src/**/*.js', 'lib/**/*.js'],
    },
  }),
];
const MAKE: readonly [string, string] = [
  'Makefile',
  'GOFLAGS = -race -mod=readonly\n\n.PHONY: check\ncheck: lint vet test\n\nlint:\n\tgolangci-lint run ./...\n\nvet:\n\tgo vet ./...\n\ntest:\n\tset -e; go test $(GOFLAGS) ./...\n',
];
const SCRIPT: readonly [string, string] = [
  'scripts/ci.sh',
  '#!/usr/bin/env bash\nset -euo pipefail\n\nruff check .\nmypy --strict src\npytest tests\nRUSTFLAGS="-D warnings" cargo test --workspace\n',
];
const PYPROJECT: readonly [string, string] = [
  'pyproject.toml',
  '[project]\nname = "shop"\ndependencies = ["httpx"]\n\n[tool.pytest.ini_options]\ntestpaths = ["tests", "integration"]\naddopts = "-ra --strict-markers --cov=shop --cov-branch"\nfilterwarnings = ["error"]\n\n[tool.ruff.lint]\nselect = ["E", "F", "B", "S"]\n\n[tool.mypy]\nstrict = true\nfiles = ["src", "tests"]\nplugins = ["pydantic.mypy"]\n',
];
const VITEST: readonly [string, string] = [
  'vitest.config.ts',
  "import { defineConfig } from 'vitest/config';\nexport default defineConfig({\n  test: {\n    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],\n    setupFiles: ['./test/setup.ts'],\n    coverage: { thresholds: { lines: 90 } },\n    dangerouslyIgnoreUnhandledErrors: false,\n  },\n});\n",
];
const TSCONFIG: readonly [string, string] = [
  'tsconfig.json',
  '{\n  // For everything.\n  "compilerOptions": { "strict": true, "noUncheckedIndexedAccess": true, "target": "es2022" },\n  "include": ["src", "test", "scripts"]\n}\n',
];
const TOX: readonly [string, string] = [
  'tox.ini',
  '[tox]\nenvlist = py311, py312, lint, types\n\n[testenv]\ncommands =\n    pytest {posargs}\n\n[testenv:types]\ncommands = mypy src\n',
];
const GOLANGCI: readonly [string, string] = [
  '.golangci.yml',
  'linters:\n  enable:\n    - errcheck\n    - gosec\n    - govet\nissues:\n  max-same-issues: 0\n',
];
const POM: readonly [string, string] = [
  'pom.xml',
  '<project>\n  <build>\n    <plugins>\n      <plugin>\n        <artifactId>maven-surefire-plugin</artifactId>\n        <configuration>\n          <includes>\n            <include>**/*Test.java</include>\n            <include>**/*IT.java</include>\n          </includes>\n          <failIfNoTests>true</failIfNoTests>\n        </configuration>\n      </plugin>\n    </plugins>\n  </build>\n</project>\n',
];
const GRADLE: readonly [string, string] = [
  'build.gradle.kts',
  'plugins {\n    kotlin("jvm")\n}\n\ntasks.test {\n    useJUnitPlatform()\n    maxParallelForks = 2\n}\n\nkotlin {\n    compilerOptions {\n        allWarningsAsErrors.set(true)\n    }\n}\n\ntasks.check {\n    dependsOn("detekt", "integrationTest")\n}\n',
];
const CARGO: readonly [string, string] = [
  'Cargo.toml',
  '[package]\nname = "shop"\n\n[dependencies]\nserde = "1"\n\n[lints.rust]\nunsafe_code = "forbid"\n\n[lints.clippy]\npedantic = "deny"\nunwrap_used = "deny"\n',
];
const PHPUNIT: readonly [string, string] = [
  'phpunit.xml',
  '<phpunit failOnWarning="true" failOnRisky="true">\n  <testsuites>\n    <testsuite name="all">\n      <directory>tests/Unit</directory>\n      <directory>tests/Feature</directory>\n    </testsuite>\n  </testsuites>\n</phpunit>\n',
];
const CMAKE: readonly [string, string] = [
  'CMakeLists.txt',
  'project(shop)\nadd_library(shop src/cart.cc)\ntarget_compile_options(shop PRIVATE -Wall -Wextra -Werror)\nenable_testing()\nadd_test(NAME cart COMMAND cart_test)\nadd_test(NAME price COMMAND price_test)\n',
];
const CSPROJ: readonly [string, string] = [
  'Directory.Build.props',
  '<Project>\n  <PropertyGroup>\n    <LangVersion>12</LangVersion>\n    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>\n    <AnalysisMode>All</AnalysisMode>\n  </PropertyGroup>\n</Project>\n',
];

export const BAD_CHECKS: readonly Diff[] = [
  edit('a path behind vitest run', PACKAGE, ['vitest run', 'vitest run src/cart']),
  edit('-t behind vitest run', PACKAGE, ['vitest run', "vitest run -t 'adds'"]),
  edit('--testNamePattern', PACKAGE, ['vitest run', 'jest --testNamePattern=cart']),
  edit('a changed-only run', PACKAGE, ['vitest run', 'vitest related src/cart.ts']),
  edit('a step of ci less', PACKAGE, [' && npm run e2e', '']),
  edit('no pretest', PACKAGE, ['    "pretest": "npm run lint",\n', '']),
  edit('types no longer checked in lint', PACKAGE, [
    'eslint . && tsc --noEmit',
    'eslint src && tsc --noEmit',
  ]),
  edit('testMatch of jest', PACKAGE, [',\n      "**/*.spec.js"', '']),
  edit('measured files of coverage', PACKAGE, [',\n      "lib/**/*.js"', '']),
  edit('a prerequisite less', MAKE, ['check: lint vet test', 'check: test']),
  edit('-race is gone', MAKE, ['-race ', '']),
  edit('set -e is gone', MAKE, ['set -e; ', '']),
  edit('a package in place of all', MAKE, ['go test $(GOFLAGS) ./...', 'go test $(GOFLAGS) ./cart']),
  edit('go test -run', MAKE, ['go test $(GOFLAGS)', 'go test -run TestCart $(GOFLAGS)']),
  edit('pipefail is gone', SCRIPT, ['set -euo pipefail', 'set -u']),
  edit('a file in place of all tests', SCRIPT, ['pytest tests', 'pytest tests/test_cart.py']),
  edit('pytest -k', SCRIPT, ['pytest tests', 'pytest tests -k cart']),
  edit('--strict is gone', SCRIPT, ['mypy --strict src', 'mypy src']),
  edit('-D warnings is gone', SCRIPT, ['RUSTFLAGS="-D warnings" cargo', 'cargo']),
  edit('one crate in place of all', SCRIPT, ['--workspace', '-p shop']),
  edit('a line of ci less', SCRIPT, ['ruff check .\n', '']),
  edit('an early way out', SCRIPT, ['pytest tests\n', '[ -n "$FAST" ] && exit 0\npytest tests\n']),
  edit('testpaths', PYPROJECT, [', "integration"', '']),
  edit('--strict-markers', PYPROJECT, [' --strict-markers', '']),
  edit('warnings are no errors any more', PYPROJECT, ['filterwarnings = ["error"]\n', '']),
  edit('select of ruff', PYPROJECT, [', "B", "S"', '']),
  edit('files of mypy', PYPROJECT, ['["src", "tests"]', '["src"]']),
  edit('an extra -p no:', PYPROJECT, ['-ra --strict', '-ra -p no:cacheprovider -p no:shop_plugin --strict']),
  edit('include of vitest', VITEST, [", 'test/**/*.test.ts'", '']),
  edit('a stand-in by alias', VITEST, [
    '    coverage:',
    "    alias: { './payment': './test/stubs/payment.ts' },\n    coverage:",
  ]),
  edit('unhandled errors', VITEST, ['Errors: false', 'Errors: true']),
  edit('another set-up file', VITEST, ["'./test/setup.ts'", "'./test/quiet.ts'"]),
  edit('include of tsconfig', TSCONFIG, [', "test", "scripts"', '']),
  edit('an unchecked index', TSCONFIG, [' "noUncheckedIndexedAccess": true,', '']),
  edit('envlist of tox', TOX, [', lint, types', '']),
  edit('a command of tox', TOX, ['pytest {posargs}', 'pytest tests/unit {posargs}']),
  edit('a linter less', GOLANGCI, ['    - gosec\n', '']),
  edit('a cap on findings', GOLANGCI, ['max-same-issues: 0', 'max-same-issues: 3\n  new: true']),
  edit('includes of surefire', POM, ['            <include>**/*IT.java</include>\n', '']),
  edit('failIfNoTests', POM, ['          <failIfNoTests>true</failIfNoTests>\n', '']),
  edit('a filter of Gradle', GRADLE, [
    'useJUnitPlatform()',
    'useJUnitPlatform()\n    filter { includeTestsMatching("*CartTest") }',
  ]),
  edit('warnings of Kotlin', GRADLE, ['        allWarningsAsErrors.set(true)\n', '']),
  edit('what check depends on', GRADLE, ['dependsOn("detekt", "integrationTest")', 'dependsOn("detekt")']),
  edit('lints of Cargo', CARGO, ['unwrap_used = "deny"\n', '']),
  edit('a forbidden lint that only warns', CARGO, ['"forbid"', '"warn"']),
  edit('a suite of PHPUnit', PHPUNIT, ['      <directory>tests/Feature</directory>\n', '']),
  edit('failOnRisky', PHPUNIT, [' failOnRisky="true"', '']),
  edit('-Werror of CMake', CMAKE, [' -Werror', '']),
  edit('a test of CTest', CMAKE, ['add_test(NAME price COMMAND price_test)\n', '']),
  edit('analysis of .NET', CSPROJ, ['    <AnalysisMode>All</AnalysisMode>\n', '']),
  edit(
    'a baseline of phpstan that grows',
    [
      'phpstan-baseline.neon',
      "parameters:\n\tignoreErrors:\n\t\t-\n\t\t\tmessage: '#a#'\n\t\t\tcount: 1\n\t\t\tpath: src/A.php\n",
    ],
    ['count: 1', 'count: 4'],
  ),
  edit(
    'a baseline of detekt that grows',
    [
      'config/detekt-baseline.xml',
      '<SmellBaseline>\n  <CurrentIssues>\n    <ID>LongMethod:A.kt</ID>\n  </CurrentIssues>\n</SmellBaseline>\n',
    ],
    ['    <ID>LongMethod:A.kt</ID>\n', '    <ID>LongMethod:A.kt</ID>\n    <ID>ComplexMethod:Cart.kt</ID>\n'],
  ),
  edit(
    'suppressions of ESLint that grow',
    ['eslint-suppressions.json', json({ 'src/a.js': { 'no-undef': { count: 1 } } })],
    ['"count": 1', '"count": 2'],
  ),
  edit(
    'a todo of RuboCop that grows',
    ['.rubocop_todo.yml', 'Metrics/MethodLength:\n  Max: 20\n'],
    ['Max: 20', 'Max: 45'],
  ),
  addition('a list of what ESLint passes over', { '.eslintignore': 'src/cart.js\n' }),
  addition('pytest.ini over pyproject.toml', { 'pytest.ini': '[pytest]\npython_files = check_*.py\n' }),
  edit(
    'a hook of pre-commit by its files',
    [
      '.pre-commit-config.yaml',
      'repos:\n  - repo: local\n    hooks:\n      - id: mypy\n        entry: mypy\n',
    ],
    ['        entry: mypy\n', '        entry: mypy\n        files: ^src/ok/\n'],
  ),
  edit(
    'spec of RSpec',
    ['.rspec', '--require spec_helper\n--fail-if-no-examples\n'],
    ['--fail-if-no-examples\n', '--pattern spec/models/*_spec.rb\n'],
  ),
  edit(
    'a step of a Dockerfile',
    ['Dockerfile', 'FROM node:24\nCOPY . .\nRUN npm ci\nRUN npm test\nRUN npm run build\n'],
    ['RUN npm test\n', ''],
  ),
  edit(
    'a project of playwright',
    [
      'playwright.config.ts',
      "export default {\n  forbidOnly: true,\n  projects: [\n    { name: 'chromium' },\n    { name: 'webkit' },\n  ],\n};\n",
    ],
    ["    { name: 'webkit' },\n", ''],
  ),
  edit(
    'fewer mutants',
    ['stryker.conf.json', json({ mutate: ['src/**/*.ts'], thresholds: { break: 80 } })],
    ['"src/**/*.ts"', '"src/util/*.ts"'],
  ),
];
