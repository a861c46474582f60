import { readFileSync, readdirSync } from 'node:fs';

/** Ticks of /proc/<pid>/stat: 100 a second on every Linux that Node runs on. */
const TICK_MICROSECONDS = 10_000;

interface ProcessTimes {
  parent: number;
  ticks: number;
}

/** Microseconds of processor time that a process, all that it started and all that has ended of these have taken so far. */
export function processorMicroseconds(pid: number): number {
  const times = new Map<number, ProcessTimes>();
  for (const name of readdirSync('/proc')) {
    const of = /^\d+$/.test(name) ? timesOf(Number(name)) : undefined;
    if (of) times.set(Number(name), of);
  }
  let ticks = 0;
  for (const [one, of] of times) if (descendsFrom(one, pid, times)) ticks += of.ticks;
  return ticks * TICK_MICROSECONDS;
}

function descendsFrom(pid: number, ancestor: number, times: ReadonlyMap<number, ProcessTimes>): boolean {
  for (let at: number | undefined = pid; at; at = times.get(at)?.parent) if (at === ancestor) return true;
  return false;
}

/** Undefined for a process that has just ended; its parent has its times then. */
function timesOf(pid: number): ProcessTimes | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ').map(Number);
    // Fields 4 and 14 to 17 of proc(5): parent; user and system time, its own and of children it has waited for.
    return { parent: fields[1], ticks: fields[11] + fields[12] + fields[13] + fields[14] };
  } catch {
    return undefined;
  }
}
