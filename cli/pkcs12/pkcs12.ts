import { USAGE_EXIT_CODE } from '../command-line.ts';
import { join } from './join.ts';
import { request } from './request.ts';

const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<number>>> = { request, join };

/** `mohr pkcs12 <what> …`, on the holder's own machine: a key that nobody else has, and the file that a device takes. */
export async function pkcs12([what = '', ...args]: string[]): Promise<number> {
  const run = Object.hasOwn(COMMANDS, what) ? COMMANDS[what] : undefined;
  if (run) return run(args);
  process.stderr.write(`mohr pkcs12 ${Object.keys(COMMANDS).join('|')} [flags]\n`);
  return USAGE_EXIT_CODE;
}
