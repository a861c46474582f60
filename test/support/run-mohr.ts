import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { SETTINGS } from '../../cli/settings.ts';
import { MOHR } from './start-mohr.ts';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `mohr` to its end, with these variables and none of the settings that happen to be set here. */
export async function runMohr(args: string[], environment: Record<string, string> = {}): Promise<Ended> {
  const variables: readonly string[] = Object.values(SETTINGS).map(({ variable }) => variable);
  const inherited = Object.entries(process.env).filter(([name]) => !variables.includes(name));
  const mohr = spawn(process.execPath, [...MOHR, ...args], {
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    mohr[name].setEncoding('utf8').on('data', (text: string) => (ended[name] += text));
  }
  const [code] = (await once(mohr, 'close')) as [number | null];
  return { code, ...ended };
}
