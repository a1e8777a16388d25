// One process of Errand's (`errand bot` or `errand runner`) under a supervisor as an orchestrator is one: whatever ends is
// started again. It can be killed, frozen, asked to stop and given a wrong clock; an end that nobody caused is noted.
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const CLOCK_SHIFT = new URL('clock-shift.ts', import.meta.url);
/** What an orchestrator waits before it starts a process again. */
const RESTART_MS = 500;
const KEPT_LINES = 30;
const KEPT_TROUBLES = 4;

export type UnitOptions = Readonly<{
  /** `bot-1`; also the name of its log. */
  name: string;
  half: 'bot' | 'runner';
  /** Where the product lies: the checkout, or a copy of it that was broken on purpose. */
  root: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Folder for logs and clocks. */
  dir: string;
  /** Called when a process that had started ended although nobody asked it to. */
  onCrash: (what: string) => void;
}>;

export type Unit = ReturnType<typeof createUnit>;

/** Nothing runs before `start`. */
export function createUnit(options: UnitOptions) {
  const { name, half, env } = options;
  const clock = join(options.dir, `${name}.clock`);
  const log = createWriteStream(join(options.dir, `${name}.log`), { flags: 'a' });
  let child: ReturnType<typeof launch> | undefined;
  let wanted = false;
  let timer: NodeJS.Timeout | undefined;
  let held = false;
  /** What it last warned of, whichever process it was. */
  let troubles: readonly string[] = [];

  function launch(prefix: readonly string[] = []) {
    const shift = new URL(CLOCK_SHIFT);
    shift.searchParams.set('offset', clock);
    const argv = [...prefix, process.execPath, '--max-semi-space-size=4', '--import', shift.href];
    const [file = '', ...args] = [...argv, join(options.root, 'bin/errand.js'), half];
    const running = execa(file, args, {
      cwd: options.dir,
      env,
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      buffer: false,
      all: true,
      forceKillAfterDelay: false,
    });
    const state = { running, started: false, expected: false, lines: [] as string[] };
    createInterface({ input: running.all }).on('line', (line) => {
      log.write(`${line}\n`);
      state.lines = [...state.lines, line].slice(-KEPT_LINES);
      if (line.includes(`"msg":"${half}.started"`)) state.started = true;
      const trouble = readTrouble(line);
      if (trouble !== undefined && trouble !== troubles.at(-1))
        troubles = [...troubles, trouble].slice(-KEPT_TROUBLES);
    });
    log.write(`--- ${name} is process ${running.pid}\n`);
    void running.then(({ exitCode, signal }) => ended(state, `${exitCode ?? signal}`));
    return state;
  }

  function ended(state: ReturnType<typeof launch>, how: string): void {
    log.write(`--- ended: ${how}\n`);
    if (state.started && !state.expected)
      options.onCrash(`${name} ended by itself (${how}):\n    ${state.lines.slice(-6).join('\n    ')}`);
    if (child === state) child = undefined;
    if (wanted && !held && child === undefined) timer = setTimeout(begin, RESTART_MS);
  }

  function begin(prefix: readonly string[] = []): void {
    clearTimeout(timer);
    child ??= launch(prefix);
  }

  const signal = (what: NodeJS.Signals) => child?.running.kill(what);

  return {
    name,
    half,
    pid: () => child?.running.pid,
    /** Its last warnings and errors, a line each. */
    troubles: () => troubles,
    isUp: () => child?.started === true,
    start() {
      wanted = true;
      begin();
    },
    /** Leaves it no time for a word. With `downMs` the supervisor starts the next one only after that time. */
    async kill(): Promise<void> {
      const state = child;
      if (!state) return;
      state.expected = true;
      state.running.kill('SIGKILL');
      await state.running;
    },
    /** Asks it to stop as an orchestrator does; answers the exit code. It is started again unless `forGood`. */
    async terminate(how: { forGood?: boolean } = {}): Promise<number | string | undefined> {
      if (how.forGood) {
        wanted = false;
        clearTimeout(timer);
      }
      const state = child;
      if (!state) return undefined;
      state.expected = true;
      state.running.kill('SIGTERM');
      const { exitCode, signal: by } = await state.running;
      return exitCode ?? by;
    },
    /** Ends it for good, at once. */
    abandon() {
      wanted = false;
      clearTimeout(timer);
      signal('SIGKILL');
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    async jumpClock(offsetMs: number): Promise<void> {
      await writeFile(clock, String(offsetMs));
      // Before it has started there is nobody to hear the signal, which would then be deadly.
      if (child?.started) signal('SIGUSR2');
    },
    /** Runs it behind another command (`prlimit …`) until `release` starts it anew without. */
    async runBehind(prefix: readonly string[]): Promise<void> {
      held = true;
      await this.kill();
      held = false;
      begin(prefix);
    },
    closeLog: () => log.end(),
  };
}

/** A warning or an error of the log, in short; undefined for every other line. */
function readTrouble(line: string): string | undefined {
  if (!/"level":"(warn|error|fatal)"/.test(line)) return undefined;
  try {
    const { time, msg, jobId, code, err } = JSON.parse(line);
    const about = [jobId && `J-${jobId}`, code, err?.message].filter(Boolean).join(' ');
    return `${String(time).slice(11, 23)} ${msg} ${about}`.replaceAll(/\s+/g, ' ').slice(0, 220);
  } catch {
    return line.slice(0, 200);
  }
}

/** The checkout that this suite belongs to. */
export const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
