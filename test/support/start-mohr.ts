import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import { programArguments } from './compiled-program.ts';
import { freePort } from './free-port.ts';

/** Arguments for Node that run `mohr` in any working directory. */
export const MOHR = programArguments('cli/mohr.ts');

/**
 * Starts `mohr serve` as a process of its own with the given environment variables, on a free port, and resolves with its
 * address when it is ready. What it prints goes into the file `log`. It is stopped when the test ends.
 */
export async function startMohr(
  t: { teardown(undo: () => Promise<void>): void },
  { log, variables }: { log: string; variables: Record<string, string> },
): Promise<string> {
  const port = await freePort();
  const service = spawn(process.execPath, [...MOHR, 'serve'], {
    env: { ...process.env, ...variables, MOHR_PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(async () => {
    if (service.exitCode !== null) return;
    service.kill('SIGTERM');
    await once(service, 'exit');
  });
  await logUntilReady(service.stdout, log);
  service.stdout.resume();
  return `http://127.0.0.1:${port}`;
}

async function logUntilReady(output: Readable, log: string): Promise<void> {
  const file = openSync(log, 'w');
  try {
    for await (const line of createInterface({ input: output })) {
      writeSync(file, `${line}\n`);
      if (line.startsWith('mohr is ready')) return;
    }
  } finally {
    closeSync(file);
  }
  throw new Error('mohr serve ended before it was ready');
}
