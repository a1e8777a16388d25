// Preloaded into a process of Errand's, so that its clock alone can jump: Date tells the time plus what stands in a file,
// which is read at the start and at every SIGUSR2. Timers and monotonic clocks go on as they do when a real clock jumps.
import { readFileSync } from 'node:fs';

const file = new URL(import.meta.url).searchParams.get('offset') ?? '';
const RealDate = Date;
let offsetMs = 0;

function readOffset(): void {
  try {
    offsetMs = Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    offsetMs = 0;
  }
}

const now = () => RealDate.now() + offsetMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
readOffset();
process.on('SIGUSR2', readOffset);
