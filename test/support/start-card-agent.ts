import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { MOHR } from './start-mohr.ts';

export interface CardAgentOptions {
  /** Origin of the console. */
  console: string;
  port: number;
  stateFolder: string;
  /** Where its PC/SC daemon is. */
  variables: Record<string, string>;
}

/** Starts `mohr card-agent` as a process of its own; resolves when it is ready, and stops it with the test. */
export async function startCardAgent(
  t: { teardown(undo: () => Promise<void>): void },
  { console: origin, port, stateFolder, variables }: CardAgentOptions,
): Promise<void> {
  const flags = ['--console', origin, '--port', String(port), '--state', stateFolder];
  const agent = spawn(process.execPath, [...MOHR, 'card-agent', ...flags], {
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(async () => {
    if (agent.exitCode !== null || agent.signalCode !== null) return;
    agent.kill('SIGTERM');
    await once(agent, 'exit');
  });
  for await (const line of createInterface({ input: agent.stdout })) {
    if (!line.startsWith('mohr card agent is ready')) continue;
    agent.stdout.resume();
    return;
  }
  throw new Error('mohr card-agent ended before it was ready');
}
