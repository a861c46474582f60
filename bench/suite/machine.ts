import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

import { PACKAGE_ROOT } from '../../cli/package-root.ts';

/** What a figure depends on, as far as it can be asked for. */
export function machineFacts(): Record<string, string> {
  const [{ model }] = cpus();
  const facts: Record<string, string | undefined> = {
    processor: `${cpus().length} × ${model.trim()}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: systemName(),
    node: process.versions.node,
    openssl: firstLine('openssl', ['version']),
    postgresql: firstLine('sh', ['-c', 'ls /usr/lib/postgresql | sort -n | tail -1']),
    cfssl: firstLine('sh', ['-c', 'cfssl version 2>/dev/null | head -1']),
    commit: commit(),
    'load at start': loadavg()
      .map((value) => value.toFixed(2))
      .join(' '),
  };
  return Object.fromEntries(
    Object.entries(facts).filter((fact): fact is [string, string] => Boolean(fact[1])),
  );
}

/** As os-release(5) names it. */
function systemName(): string {
  const file = '/etc/os-release';
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return /^PRETTY_NAME="?([^"\n]+)/m.exec(text)?.[1] ?? process.platform;
}

/** The commit of the checkout, marked when something is changed; undefined in an installed package. */
function commit(): string | undefined {
  const git = (...args: string[]) => firstLine('git', ['-C', PACKAGE_ROOT, ...args]);
  const head = git('rev-parse', '--short=12', 'HEAD');
  return head && (git('status', '--porcelain', '--untracked-files=no') ? `${head}, changed` : head);
}

function firstLine(command: string, args: string[]): string | undefined {
  try {
    const text = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return text.split('\n')[0].trim();
  } catch {
    return undefined;
  }
}

/** Part of all processors' time that is used while this process waits: 0 to 1. */
export async function busyPart(milliseconds: number): Promise<number> {
  const before = processorTicks();
  await wait(milliseconds);
  const after = processorTicks();
  const all = after.all - before.all;
  return all === 0 ? 0 : 1 - (after.idle - before.idle) / all;
}

/** The first line of proc(5)'s /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal. */
function processorTicks(): { all: number; idle: number } {
  const [line] = readFileSync('/proc/stat', 'utf8').split('\n');
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  return { all: ticks.reduce((sum, one) => sum + one, 0), idle: ticks[3] + ticks[4] };
}
