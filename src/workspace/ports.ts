// Ports for a job's own services, so that parallel jobs share none.
import { createServer } from 'node:net';

// Below the range that systems hand out by themselves (32768 and up on Linux).
const FIRST = 20_000;
const LAST = 32_000;
const PER_JOB = 10;

/** Finds ten neighbouring ports that nobody has been given and nothing listens on. Returns the first and the last. */
export async function findPorts(taken: ReadonlySet<number>): Promise<{ first: number; last: number }> {
  for (let first = FIRST; first < LAST; first += PER_JOB) {
    if (taken.has(first)) continue;
    const range = Array.from({ length: PER_JOB }, (_, at) => first + at);
    const free = await Promise.all(range.map(isFree));
    if (free.every(Boolean)) return { first, last: first + PER_JOB - 1 };
  }
  throw new Error('no free port range left');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
