// An agent's process: its two byte streams, its last words, and its end together with everything it started.
// Knows nothing of ACP.
import { randomUUID } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import { execa } from 'execa';
import { createProcessTree } from '../sandbox/process-tree.ts';

/** How a process ended. `missing` means that the program could not be started at all. */
export type Exit = Readonly<{
  code: number | undefined;
  signal: string | undefined;
  stderrTail: readonly string[];
  missing: boolean;
}>;

type Env = Readonly<Record<string, string>>;

/** Tells what one start of an agent left running, wherever it went. */
const MARK = 'ERRAND_RUN';

const TAIL_LINES = 20;
const LINE_CHARS = 1_000;
/** After the process is gone, something it left behind may hold its streams open: we do not wait longer than this. */
const LAST_WORDS_MS = 200;

/**
 * Starts `command` in a process group of its own with exactly the environment given. `onStderrLine` gets each line,
 * cut to 1,000 characters. Never throws for a missing program: `exited` tells.
 */
export function startProcess(options: {
  command: readonly string[];
  cwd: string;
  env: Env;
  /** Applied to each line before anybody has it. */
  redact: (line: string) => string;
  onStderrLine: (line: string) => void;
}) {
  const mark = randomUUID();
  const child = spawn(options, mark);
  const tail: string[] = [];
  const output = countOutput(child.stderr);
  const stderrEnded = readLines(child.stderr, (given) => {
    const line = options.redact(given);
    tail.push(line);
    if (tail.length > TAIL_LINES) tail.shift();
    options.onStderrLine(line);
  });
  const stdoutEnded = new Promise((resolve) => child.stdout.once('close', resolve));
  const exited = new Promise<Exit>((resolve) => {
    child.nodeChildProcess.once('exit', async (code, signal) => {
      await Promise.race([Promise.all([stderrEnded, stdoutEnded]), delay(LAST_WORDS_MS)]);
      await setImmediate();
      resolve({
        code: code ?? undefined,
        signal: signal ?? undefined,
        stderrTail: tail,
        missing: code === 127,
      });
    });
    // A program that cannot be started has no exit event; execa's own result tells.
    void child.then((result) => {
      if (child.pid !== undefined) return;
      resolve({ code: undefined, signal: undefined, stderrTail: [result.shortMessage ?? ''], missing: true });
    });
  });
  const tree = child.pid === undefined ? undefined : createProcessTree(child.pid, `${MARK}=${mark}`);
  return {
    pid: child.pid,
    // Node's own web streams carry bytes here; its types leave the element open.
    stdin: Writable.toWeb(child.stdin) as WritableStream<Uint8Array>,
    stdout: (Readable.toWeb(child.stdout) as ReadableStream<Uint8Array>).pipeThrough(output.stdout),
    exited,
    /** What it has printed so far. */
    outputBytes: output.bytes,
    /** It with all it started, to be measured; undefined where it could not be started. */
    tree,
    /** Notes its descendants, so that `stop` finds also those that lose their parent on the way. */
    remember: () => tree?.remember(),
    /** Ends it and all it started: SIGTERM, after `graceMs` SIGKILL. Tells whether all of it is gone. */
    stop: async (graceMs: number) => tree === undefined || tree.end(graceMs),
  };
}

function spawn(options: Readonly<{ command: readonly string[]; cwd: string; env: Env }>, mark: string) {
  const [file, ...args] = options.command;
  if (file === undefined) throw new Error('an agent needs a command');
  return execa(file, args, {
    cwd: options.cwd,
    env: { ...options.env, [MARK]: mark },
    extendEnv: false,
    killDescendants: true,
    forceKillAfterDelay: false,
    buffer: false,
    reject: false,
  });
}

/** Counts what goes through `stdout` and comes from `stderr`. */
function countOutput(stderr: Readable) {
  let bytes = 0;
  stderr.on('data', (chunk: string) => {
    bytes += chunk.length;
  });
  const stdout = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      controller.enqueue(chunk);
    },
  });
  return { stdout, bytes: () => bytes };
}

/** Calls `onLine` for every line of `stream`; resolves at its end. A line never takes more memory than it may be long. */
function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  let line = '';
  const end = () => {
    const text = line.trimEnd();
    line = '';
    if (text !== '') onLine(text);
  };
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const parts = chunk.split('\n');
    for (const [index, part] of parts.entries()) {
      if (index > 0) end();
      line += part.slice(0, LINE_CHARS - line.length);
    }
  });
  return new Promise((resolve) => {
    stream.once('close', () => {
      end();
      resolve();
    });
  });
}
