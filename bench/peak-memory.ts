import { readFileSync, writeFileSync } from 'node:fs';

const MIB = 2 ** 20;

/** Runs work and returns its result and by how much the process's resident memory rose above what it was before, in MiB. */
export async function withPeakMemory<T>(work: () => Promise<T>): Promise<{ result: T; peakMib: number }> {
  const before = process.memoryUsage.rss();
  const isPeakExact = resetPeak();
  const result = await work();
  return {
    result,
    peakMib: ((isPeakExact ? peakOctets() : process.resourceUsage().maxRSS * 1024) - before) / MIB,
  };
}

/** Linux forgets the peak of a process on request; elsewhere the peak since its start is taken, which is never less. */
function resetPeak(): boolean {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
    return true;
  } catch {
    return false;
  }
}

function peakOctets(): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
}
