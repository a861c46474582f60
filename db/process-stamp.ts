import { readFileSync } from 'node:fs';

import { errorCode } from '../core/errors.ts';

/** Names a process for good: its pid and, where the system tells, its boot and start; a pid alone is soon another's. */
export function processStamp(pid: number): string {
  return `${pid} ${startOf(pid) ?? 'unknown'}\n`;
}

/** Whether the process that a stamp names is alive; a text that is no stamp names nobody. */
export function isProcessAlive(stamp: string): boolean {
  const [, pid, start] = /^([1-9][0-9]{0,9}) (\S+)\n$/.exec(stamp) ?? [];
  if (pid === undefined) return false;
  const known = startOf(Number(pid));
  if (known === undefined || start === 'unknown') return takesSignals(Number(pid));
  return known === start;
}

/** Linux: the boot's id and the clock ticks from it to the start of the process (proc(5), `stat` field 22). */
function startOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, a name in brackets, may hold anything; what follows the last bracket begins with the third.
    return `${boot}/${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return undefined;
  }
}

/** A process that we may not signal is alive all the same. */
function takesSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
