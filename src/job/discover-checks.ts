// The obvious commands of a project whose settings name no checks: what its own manifests and lockfiles say. Decided by the
// host from the files of the base commit, so that no agent has a say in it. Pure.
import { findJavaScript } from './discover/javascript.ts';
import { findPython } from './discover/python.ts';
import type { Toolchain, Top } from './discover/toolchain.ts';

/** The files whose text is looked at. */
export const FILES_READ = [
  'package.json',
  'pnpm-workspace.yaml',
  'pyproject.toml',
  'setup.cfg',
  'requirements.txt',
  'requirements-dev.txt',
  'Makefile',
  'makefile',
  'GNUmakefile',
] as const;

/** The toolchains of a project with what each can check, in an order that is always the same. */
export function discoverToolchains(top: Top): readonly Toolchain[] {
  const found = [findJavaScript(top), findPython(top), ...findPlain(top)].filter((one) => one !== undefined);
  const names = new Set(found.flatMap(({ checks }) => checks.map(({ name }) => name)));
  const make = findMake(top, names);
  return make ? [...found, make] : found;
}

type Plain = Readonly<{ when: string; without?: string }> & Omit<Toolchain, 'left'>;

/** Toolchains with one file that tells them and one way to run their tests. */
const PLAIN: readonly Plain[] = [
  {
    when: 'go.mod',
    title: 'Go',
    language: 'Go',
    needs: ['go'],
    setup: ['go mod download'],
    checks: [
      { name: 'vet', command: 'go vet ./...' },
      { name: 'tests', command: 'go test ./...' },
    ],
  },
  {
    when: 'Cargo.toml',
    title: 'Cargo',
    language: 'Rust',
    needs: ['cargo'],
    setup: ['cargo fetch'],
    checks: [{ name: 'tests', command: 'cargo test --workspace --offline' }],
  },
  {
    when: 'gradlew',
    title: 'Gradle',
    language: 'Java or Kotlin',
    needs: ['java'],
    setup: [],
    checks: [{ name: 'tests', command: 'sh ./gradlew test --no-daemon' }],
  },
  {
    when: 'pom.xml',
    without: 'gradlew',
    title: 'Maven',
    language: 'Java',
    needs: ['mvn'],
    setup: [],
    checks: [{ name: 'tests', command: 'mvn --batch-mode test' }],
  },
  {
    when: 'mix.exs',
    title: 'Mix',
    language: 'Elixir',
    needs: ['mix'],
    setup: ['mix deps.get'],
    checks: [{ name: 'tests', command: 'mix test' }],
  },
];

function findPlain({ names }: Top): readonly Toolchain[] {
  return PLAIN.filter(
    ({ when, without }) => names.has(when) && (without === undefined || !names.has(without)),
  ).map(({ when: _, without: __, ...toolchain }) => ({ ...toolchain, left: [] }));
}

/** Targets that people give their checks; a check that another toolchain brings already is not run twice. */
function findMake({ texts }: Top, known: ReadonlySet<string>): Toolchain | undefined {
  const text = texts['GNUmakefile'] ?? texts['makefile'] ?? texts['Makefile'];
  if (text === undefined) return undefined;
  // `test:` and `lint test: deps` are rules, `test := 1` is a variable.
  const targets = new Set(
    [...text.matchAll(/^([\w./ -]+?)\s*::?(?![:=])/gm)].flatMap(([, list = '']) => list.split(/\s+/)),
  );
  const wanted = [
    { name: 'lint', targets: ['lint'] },
    { name: 'tests', targets: ['test', 'check', 'tests'] },
  ];
  const checks = wanted
    .filter(({ name }) => !known.has(name))
    .flatMap(({ name, targets: names }) => {
      const target = names.find((each) => targets.has(each));
      return target === undefined ? [] : [{ name, command: `make ${target}` }];
    });
  if (checks.length === 0) return undefined;
  return { title: 'make', language: '', needs: ['make'], setup: [], checks, left: [] };
}
