// CPU time as Linux counts it: steadier than the wall clock on a machine that has other things to do as well.
import { readdir, readFile } from 'node:fs/promises';

/** Linux counts in ticks of 10 ms on every system that Node runs on. */
const TICKS_PER_S = 100;

type Times = Readonly<{ parent: number; name: string; ownS: number; childrenS: number }>;

export type CpuReading = ReadonlyMap<number, Times>;

/** What every process has used so far; `childrenS` is that of its children which have ended. */
export async function readCpu(): Promise<CpuReading> {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const all = await Promise.all(ids.map(async (id) => [Number(id), await readTimes(id)] as const));
  return new Map(all.flatMap(([id, times]) => (times ? [[id, times]] : [])));
}

/** Seconds that these processes and all they started have used between two readings. */
export function cpuBetween(before: CpuReading, after: CpuReading, roots: readonly number[]): number {
  const family = new Set(roots);
  for (let size = -1; size !== family.size; ) {
    size = family.size;
    for (const [id, { parent }] of after) if (family.has(parent)) family.add(id);
  }
  const used = (id: number, reading: CpuReading) => {
    const times = reading.get(id);
    return times ? times.ownS + times.childrenS : 0;
  };
  return [...family].reduce((sum, id) => sum + used(id, after) - used(id, before), 0);
}

/** The processes of this name below a process. */
export function findChildren(reading: CpuReading, parent: number, name: string): number[] {
  return [...reading].flatMap(([id, times]) => (times.parent === parent && times.name === name ? [id] : []));
}

async function readTimes(id: string): Promise<Times | undefined> {
  const stat = await readFile(`/proc/${id}/stat`, 'latin1').catch(() => undefined);
  // pid (name with any characters) state parent …; the 14th to 17th field are its own and its children's ticks.
  const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(stat ?? '') ?? [];
  if (rest === '') return undefined;
  const fields = rest.split(' ').map(Number);
  const seconds = (at: number) => (fields[at] ?? 0) / TICKS_PER_S;
  return {
    name,
    parent: fields[1] ?? 0,
    ownS: seconds(11) + seconds(12),
    childrenS: seconds(13) + seconds(14),
  };
}
