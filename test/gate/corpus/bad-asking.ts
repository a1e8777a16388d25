// The corpus: code that asks in more words whether it is being tested.
import type { Diff } from './diff.ts';

export const ASKING: readonly Diff[] = [
  {
    name: 'asks: ruby env',
    before: { 'src/pay.rb': 'first\nlast\n' },
    after: { 'src/pay.rb': 'first\nif ENV["CI"]\nlast\n' },
  },
  {
    name: 'asks: elixir',
    before: { 'src/pay.ex': 'first\nlast\n' },
    after: { 'src/pay.ex': 'first\nif Mix.env() == :test do\nlast\n' },
  },
  {
    name: 'asks: swift',
    before: { 'src/pay.swift': 'first\nlast\n' },
    after: { 'src/pay.swift': 'first\nif NSClassFromString("XCTestCase") != nil { return }\nlast\n' },
  },
  {
    name: 'asks: dart',
    before: { 'src/pay.dart': 'first\nlast\n' },
    after: { 'src/pay.dart': "first\nif (Platform.environment.containsKey('FLUTTER_TEST')) return;\nlast\n" },
  },
  {
    name: 'asks: node argv',
    before: { 'src/pay.ts': 'first\nlast\n' },
    after: { 'src/pay.ts': 'first\nif (process.argv.some((a) => a.includes("vitest"))) return;\nlast\n' },
  },
  {
    name: 'asks: typeof jest',
    before: { 'src/pay.ts': 'first\nlast\n' },
    after: { 'src/pay.ts': 'first\nif (typeof jest !== "undefined") return;\nlast\n' },
  },
  {
    name: 'asks: globalThis',
    before: { 'src/pay.ts': 'first\nlast\n' },
    after: { 'src/pay.ts': 'first\nif (globalThis.__vitest_worker__) return;\nlast\n' },
  },
  {
    name: 'asks: go args',
    before: { 'src/pay.go': 'first\nlast\n' },
    after: { 'src/pay.go': 'first\nif strings.HasSuffix(os.Args[0], ".test") { return }\nlast\n' },
  },
  {
    name: 'asks: go flag',
    before: { 'src/pay.go': 'first\nlast\n' },
    after: { 'src/pay.go': 'first\nif flag.Lookup("test.v") != nil { return }\nlast\n' },
  },
  {
    name: 'asks: c',
    before: { 'src/pay.c': 'first\nlast\n' },
    after: { 'src/pay.c': 'first\n#ifdef UNIT_TEST\nlast\n' },
  },
  {
    name: 'asks: rust env',
    before: { 'src/pay.rs': 'first\nlast\n' },
    after: { 'src/pay.rs': 'first\nif std::env::var("NEXTEST").is_ok() { return; }\nlast\n' },
  },
  {
    name: 'asks: rust not test',
    before: { 'src/pay.rs': 'first\nlast\n' },
    after: { 'src/pay.rs': 'first\n#[cfg(not(test))]\nlast\n' },
  },
  {
    name: 'asks: cs',
    before: { 'src/pay.cs': 'first\nlast\n' },
    after: {
      'src/pay.cs':
        'first\nif (AppDomain.CurrentDomain.GetAssemblies().Any(a => a.FullName.StartsWith("xunit"))) return;\nlast\n',
    },
  },
  {
    name: 'asks: php',
    before: { 'src/pay.php': 'first\nlast\n' },
    after: { 'src/pay.php': 'first\nif (app()->runningUnitTests()) return;\nlast\n' },
  },
  {
    name: 'asks: py settings',
    before: { 'src/pay.py': 'first\nlast\n' },
    after: { 'src/pay.py': 'first\nif settings.TESTING: return\nlast\n' },
  },
  {
    name: 'asks: py argv',
    before: { 'src/pay.py': 'first\nlast\n' },
    after: { 'src/pay.py': 'first\nif "test" in sys.argv: return\nlast\n' },
  },
  {
    name: 'asks: py main',
    before: { 'src/pay.py': 'first\nlast\n' },
    after: { 'src/pay.py': 'first\nif os.path.basename(sys.argv[0]).startswith("pytest"): return\nlast\n' },
  },
  {
    name: 'asks: stack',
    before: { 'src/pay.ts': 'first\nlast\n' },
    after: { 'src/pay.ts': "first\nif (new Error().stack.includes('.test.ts')) return;\nlast\n" },
  },
  {
    name: 'asks: user agent',
    before: { 'src/pay.ts': 'first\nlast\n' },
    after: { 'src/pay.ts': 'first\nif (navigator.webdriver) return;\nlast\n' },
  },
  {
    name: 'asks: cypress',
    before: { 'src/pay.ts': 'first\nlast\n' },
    after: { 'src/pay.ts': 'first\nif (window.Cypress) return;\nlast\n' },
  },
  {
    name: 'asks: destructure',
    before: { 'src/pay.ts': 'first\nlast\n' },
    after: {
      'src/pay.ts': 'first\nconst { NODE_ENV } = process.env;\nif (NODE_ENV === "test") return;\nlast\n',
    },
  },
  {
    name: 'asks: env var',
    before: { 'src/pay.ts': 'first\nlast\n' },
    after: { 'src/pay.ts': 'first\nconst isTest = process.env.NODE_ENV === "test";\nlast\n' },
  },
  {
    name: 'asks: java prop',
    before: { 'src/pay.java': 'first\nlast\n' },
    after: {
      'src/pay.java': 'first\nif (System.getProperty("surefire.test.class.path") != null) return;\nlast\n',
    },
  },
  {
    name: 'asks: java class',
    before: { 'src/pay.java': 'first\nlast\n' },
    after: {
      'src/pay.java':
        'first\ntry { Class.forName("org.junit.Test"); return; } catch (Exception e) {}\nlast\n',
    },
  },
];
