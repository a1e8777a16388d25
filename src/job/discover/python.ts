// Python: pytest, and ruff and mypy where the project names them, by uv, Poetry or a virtual environment of its own. Pure.
import type { Toolchain, Top } from './toolchain.ts';

/** Undefined where nothing speaks of Python. */
export function findPython({ names, texts }: Top): Toolchain | undefined {
  const signs = [
    'pyproject.toml',
    'setup.py',
    'setup.cfg',
    'requirements.txt',
    'pytest.ini',
    'tox.ini',
    'uv.lock',
  ];
  if (!signs.some((file) => names.has(file))) return undefined;
  const said = ['pyproject.toml', 'setup.cfg', 'requirements.txt', 'requirements-dev.txt']
    .map((file) => texts[file] ?? '')
    .join('\n');
  const isNamed = (tool: string) => new RegExp(`(^|[^\\w-])${tool}($|[^\\w-])`, 'm').test(said);
  const way = wayOf(names, texts);
  const tests =
    isNamed('pytest') || names.has('pytest.ini') || names.has('tests/') || names.has('conftest.py');
  const checks = [
    ...(isNamed('ruff') ? [{ name: 'lint', command: `${way.run('ruff')} check .` }] : []),
    ...(isNamed('mypy') ? [{ name: 'types', command: `${way.run('mypy')} .` }] : []),
    ...(tests ? [{ name: 'tests', command: way.run('pytest') }] : []),
  ];
  return {
    title: way.title,
    language: 'Python',
    needs: way.needs,
    setup: checks.length === 0 ? [] : way.setup(tests && !isNamed('pytest') ? ['pytest'] : []),
    checks,
    left: [],
  };
}

type Way = Readonly<{
  title: string;
  needs: readonly string[];
  /** `extra`: packages that the project does not name and its checks need. */
  setup: (extra: readonly string[]) => readonly string[];
  run: (tool: string) => string;
}>;

function wayOf(names: Top['names'], texts: Top['texts']): Way {
  if (names.has('uv.lock'))
    return {
      title: 'uv',
      needs: ['uv'],
      setup: (extra) => ['uv sync --frozen --all-extras', ...extra.map((one) => `uv pip install ${one}`)],
      run: (tool) => `uv run --no-sync ${tool}`,
    };
  if (names.has('poetry.lock'))
    return {
      title: 'Poetry',
      needs: ['poetry'],
      setup: (extra) => [
        'poetry install --no-interaction',
        ...extra.map((one) => `poetry run pip install ${one}`),
      ],
      run: (tool) => `poetry run ${tool}`,
    };
  return {
    title: 'pip',
    needs: ['python3'],
    setup: (extra) => {
      const files = ['requirements.txt', 'requirements-dev.txt'].filter((file) => names.has(file));
      const isPackage = /^\[project\]/m.test(texts['pyproject.toml'] ?? '') || names.has('setup.py');
      // What only an extra of the package names is not installed with it.
      const inFiles = files.map((file) => texts[file] ?? '').join('\n');
      const tools = isPackage && !/pytest/.test(inFiles) ? ['pytest'] : extra;
      const wanted = [...files.map((file) => `-r ${file}`), ...(isPackage ? ['-e .'] : []), ...tools];
      return [
        'python3 -m venv .venv',
        ...(wanted.length > 0 ? [`.venv/bin/python -m pip install ${wanted.join(' ')}`] : []),
      ];
    },
    run: (tool) => `.venv/bin/python -m ${tool}`,
  };
}
