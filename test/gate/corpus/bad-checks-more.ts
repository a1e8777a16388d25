// The corpus: settings and commands of more tools that check less.
import type { Diff } from './diff.ts';

export const MORE_BAD_CHECKS: readonly Diff[] = [
  {
    name: 'nx target',
    before: {
      'project.json':
        '{"targets":{"test":{"executor":"@nx/jest:jest","options":{"passWithNoTests":false,"jestConfig":"jest.config.ts"}}}}',
    },
    after: { 'project.json': '{"targets":{"test":{"executor":"nx:noop"}}}' },
  },
  {
    name: 'turbo dependsOn',
    before: {
      'turbo.json':
        '{"tasks":{"build":{"dependsOn":["^build","test"]},"test":{"inputs":["src/**","test/**"]}}}',
    },
    after: { 'turbo.json': '{"tasks":{"build":{"dependsOn":["^build"]},"test":{"inputs":["src/**"]}}}' },
  },
  {
    name: 'justfile',
    before: { justfile: 'check: lint test\n\ntest:\n    cargo test --all-features\n' },
    after: { justfile: 'check: lint\n\ntest:\n    cargo test\n' },
  },
  {
    name: 'Taskfile',
    before: {
      'Taskfile.yml':
        'version: 3\ntasks:\n  test:\n    cmds:\n      - go test -race ./...\n      - go vet ./...\n',
    },
    after: {
      'Taskfile.yml': 'version: 3\ntasks:\n  test:\n    cmds:\n      - go test ./...\n      - go vet ./...\n',
    },
  },
  {
    name: 'noxfile',
    before: {
      'noxfile.py':
        '@nox.session(python=["3.11", "3.12"])\ndef tests(session):\n    session.run("pytest", "-W", "error")\n',
    },
    after: {
      'noxfile.py': '@nox.session(python=["3.12"])\ndef tests(session):\n    session.run("pytest")\n',
    },
  },
  {
    name: 'Rakefile',
    before: {
      Rakefile:
        "Rake::TestTask.new do |t|\n  t.pattern = 'test/**/*_test.rb'\n  t.warning = true\nend\ntask default: [:test, :rubocop]\n",
    },
    after: {
      Rakefile:
        "Rake::TestTask.new do |t|\n  t.pattern = 'test/models/*_test.rb'\nend\ntask default: [:test]\n",
    },
  },
  {
    name: 'coveragerc',
    before: { '.coveragerc': '[run]\nbranch = True\nsource = shop\n' },
    after: { '.coveragerc': '[run]\nsource = shop\n' },
  },
  {
    name: 'coverage source',
    before: { '.coveragerc': '[run]\nbranch = True\nsource = shop\n' },
    after: { '.coveragerc': '[run]\nbranch = True\nsource = shop/utils\n' },
  },
  {
    name: 'sonar',
    before: { 'sonar-project.properties': 'sonar.sources=src\nsonar.qualitygate.wait=true\n' },
    after: { 'sonar-project.properties': 'sonar.sources=src\n' },
  },
  {
    name: 'codecov status off',
    before: { 'codecov.yml': 'coverage:\n  status:\n    project:\n      default:\n        target: 80%\n' },
    after: { 'codecov.yml': 'coverage:\n  status:\n    project: off\n' },
  },
  {
    name: 'phpstan level',
    before: { 'phpstan.neon': 'parameters:\n\tlevel: 8\n\tpaths:\n\t\t- src\n\t\t- tests\n' },
    after: { 'phpstan.neon': 'parameters:\n\tlevel: 8\n\tpaths:\n\t\t- src\n' },
  },
  {
    name: 'psalm',
    before: { 'psalm.xml': '<psalm errorLevel="1" findUnusedCode="true">\n</psalm>\n' },
    after: { 'psalm.xml': '<psalm errorLevel="1">\n</psalm>\n' },
  },
  {
    name: 'biome',
    before: {
      'biome.json':
        '{"linter":{"rules":{"recommended":true,"suspicious":{"noExplicitAny":"error"}}},"files":{"includes":["src/**","test/**"]}}',
    },
    after: { 'biome.json': '{"linter":{"rules":{"recommended":true}},"files":{"includes":["src/**"]}}' },
  },
  {
    name: 'eslint flat: config spread removed',
    before: {
      'eslint.config.js':
        "import ts from 'typescript-eslint';\nexport default [\n  ...ts.configs.strictTypeChecked,\n  { rules: {} },\n];\n",
    },
    after: {
      'eslint.config.js':
        "import ts from 'typescript-eslint';\nexport default [\n  ...ts.configs.recommended,\n  { rules: {} },\n];\n",
    },
  },
  {
    name: 'eslint files',
    before: {
      'eslint.config.js':
        "export default [\n  { files: ['**/*.ts', '**/*.tsx'], rules: { eqeqeq: 'error' } },\n];\n",
    },
    after: {
      'eslint.config.js': "export default [\n  { files: ['**/*.ts'], rules: { eqeqeq: 'error' } },\n];\n",
    },
  },
  {
    name: 'detekt',
    before: { 'detekt.yml': 'complexity:\n  LongMethod:\n    active: true\n    threshold: 60\n' },
    after: { 'detekt.yml': 'complexity:\n  LongMethod:\n    active: true\n    threshold: 600\n' },
  },
  {
    name: 'checkstyle module',
    before: {
      'checkstyle.xml':
        '<module name="Checker">\n  <module name="FileLength"/>\n  <module name="NewlineAtEndOfFile"/>\n</module>\n',
    },
    after: { 'checkstyle.xml': '<module name="Checker">\n  <module name="FileLength"/>\n</module>\n' },
  },
  {
    name: 'clang-tidy',
    before: { '.clang-tidy': "Checks: 'bugprone-*,cert-*,modernize-*'\nWarningsAsErrors: '*'\n" },
    after: { '.clang-tidy': "Checks: 'bugprone-*'\nWarningsAsErrors: ''\n" },
  },
  {
    name: 'cargo config',
    before: { '.cargo/config.toml': '[build]\nrustflags = ["-D", "warnings"]\n' },
    after: { '.cargo/config.toml': '[build]\nrustflags = []\n' },
  },
  {
    name: 'rust deny attr',
    before: { 'src/lib.rs': '#![deny(warnings)]\n#![forbid(unsafe_code)]\npub fn a() {}\n' },
    after: { 'src/lib.rs': 'pub fn a() {}\n' },
  },
  {
    name: 'use strict perl',
    before: { 'lib/A.pm': 'use strict;\nuse warnings;\nsub a { 1 }\n' },
    after: { 'lib/A.pm': 'sub a { 1 }\n' },
  },
  {
    name: 'ts check js',
    before: { 'src/a.js': '// @ts-check\nexport const a = 1;\n' },
    after: { 'src/a.js': 'export const a = 1;\n' },
  },
  {
    name: 'gradle exclude',
    before: { 'build.gradle': 'test {\n  useJUnitPlatform()\n}\n' },
    after: { 'build.gradle': "test {\n  useJUnitPlatform {\n    includeTags 'fast'\n  }\n}\n" },
  },
  {
    name: 'sbt',
    before: { 'build.sbt': 'scalacOptions ++= Seq("-Xfatal-warnings", "-Wunused")\nTest / fork := true\n' },
    after: { 'build.sbt': 'scalacOptions ++= Seq("-Wunused")\nTest / fork := true\n' },
  },
  {
    name: 'mix',
    before: {
      'mix.exs':
        'def project do\n  [\n    elixirc_options: [warnings_as_errors: true],\n    test_coverage: [summary: [threshold: 90]],\n    aliases: [check: ["format --check-formatted", "credo", "test"]]\n  ]\nend\n',
    },
    after: {
      'mix.exs':
        'def project do\n  [\n    elixirc_options: [],\n    test_coverage: [summary: [threshold: 90]],\n    aliases: [check: ["format --check-formatted", "test"]]\n  ]\nend\n',
    },
  },
  {
    name: 'meson',
    before: {
      'meson.build':
        "project('a', 'c', default_options: ['werror=true', 'warning_level=3'])\ntest('cart', exe)\ntest('price', exe2)\n",
    },
    after: { 'meson.build': "project('a', 'c', default_options: ['warning_level=1'])\ntest('cart', exe)\n" },
  },
  {
    name: 'Package.swift',
    before: {
      'Package.swift':
        'let package = Package(targets: [\n  .target(name: "Shop"),\n  .testTarget(name: "ShopTests", dependencies: ["Shop"]),\n])\n',
    },
    after: { 'Package.swift': 'let package = Package(targets: [\n  .target(name: "Shop"),\n])\n' },
  },
  {
    name: 'csproj',
    before: {
      'Shop.csproj':
        '<Project>\n  <PropertyGroup>\n    <Nullable>enable</Nullable>\n    <WarningLevel>5</WarningLevel>\n    <AnalysisLevel>latest-all</AnalysisLevel>\n  </PropertyGroup>\n</Project>\n',
    },
    after: {
      'Shop.csproj':
        '<Project>\n  <PropertyGroup>\n    <Nullable>enable</Nullable>\n    <WarningLevel>5</WarningLevel>\n  </PropertyGroup>\n</Project>\n',
    },
  },
  {
    name: 'cypress spec',
    before: {
      'cypress.config.ts': "export default { e2e: { specPattern: 'cypress/**/*.cy.ts', retries: 0 } };\n",
    },
    after: {
      'cypress.config.ts': "export default { e2e: { specPattern: 'cypress/smoke/*.cy.ts', retries: 0 } };\n",
    },
  },
  {
    name: 'karma',
    before: {
      'karma.conf.js':
        "module.exports = (c) => c.set({\n  files: ['test/**/*.js'],\n  singleRun: true,\n});\n",
    },
    after: {
      'karma.conf.js':
        "module.exports = (c) => c.set({\n  files: ['test/unit/*.js'],\n  singleRun: true,\n});\n",
    },
  },
  {
    name: 'mocharc',
    before: { '.mocharc.json': '{"spec":["test/**/*.js"],"forbidOnly":true}' },
    after: { '.mocharc.json': '{"spec":["test/unit/**/*.js"]}' },
  },
  {
    name: 'mocharc yml',
    before: { '.mocharc.yml': 'spec:\n  - test/**/*.js\nforbid-only: true\n' },
    after: { '.mocharc.yml': 'spec:\n  - test/**/*.js\n' },
  },
  {
    name: 'jest moduleNameMapper',
    before: { 'jest.config.js': "module.exports = {\n  preset: 'ts-jest',\n};\n" },
    after: {
      'jest.config.js':
        "module.exports = {\n  preset: 'ts-jest',\n  moduleNameMapper: { '^./payment$': '<rootDir>/test/stub.js' },\n};\n",
    },
  },
  {
    name: 'package.json jest mapper',
    before: { 'package.json': '{"jest":{"preset":"ts-jest"}}' },
    after: {
      'package.json': '{"jest":{"preset":"ts-jest","moduleNameMapper":{"./pay":"<rootDir>/stub.js"}}}',
    },
  },
  {
    name: 'lint-staged',
    before: { 'package.json': '{"lint-staged":{"*.ts":["eslint --max-warnings 0","tsc-files --noEmit"]}}' },
    after: { 'package.json': '{"lint-staged":{"*.ts":["eslint --max-warnings 0"]}}' },
  },
  {
    name: 'nested script',
    before: {
      'package.json': '{"scripts":{"test":"run-s unit e2e","unit":"vitest run","e2e":"playwright test"}}',
    },
    after: {
      'package.json': '{"scripts":{"test":"run-s unit","unit":"vitest run","e2e":"playwright test"}}',
    },
  },
  {
    name: 'odd names',
    before: { 'package.json': '{"scripts":{"go":"run-s a b","a":"vitest run","b":"node checks/all.js"}}' },
    after: { 'package.json': '{"scripts":{"go":"run-s a","a":"vitest run","b":"node checks/all.js"}}' },
  },
  {
    name: 'ci sh',
    before: { 'ci/run': '#!/bin/bash\nset -e\nmake lint\nmake test\n' },
    after: { 'ci/run': '#!/bin/bash\nmake lint\nmake test\n' },
  },
  {
    name: '.ci/run',
    before: { '.ci/run': '#!/bin/sh\nset -eu\nnpm ci\nnpm test\n' },
    after: { '.ci/run': '#!/bin/sh\nset -eu\nnpm ci\n' },
  },
  {
    name: 'bin script node',
    before: {
      'scripts/check-types.mjs': "const out = run('tsc');\nif (out.status !== 0) process.exit(out.status);\n",
    },
    after: { 'scripts/check-types.mjs': "const out = run('tsc');\n" },
  },
  {
    name: 'script py',
    before: { 'tools/run_tests.py': 'import sys, pytest\nsys.exit(pytest.main(["tests"]))\n' },
    after: { 'tools/run_tests.py': 'import sys, pytest\npytest.main(["tests"])\n' },
  },
  {
    name: 'vitest config deleted',
    before: { 'vitest.config.ts': "export default { test: { include: ['a'] } };\n" },
    after: {},
  },
];
