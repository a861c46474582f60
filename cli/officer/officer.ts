import { USAGE_EXIT_CODE } from '../command-line.ts';
import { link } from './link.ts';
import { list } from './list.ts';

const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<number>>> = { link, list };

/** `mohr officer <what> …`: what the operator at the console does about officers. Resolves to the exit code. */
export async function officer([what = '', ...args]: string[]): Promise<number> {
  const run = Object.hasOwn(COMMANDS, what) ? COMMANDS[what] : undefined;
  if (run) return run(args);
  process.stderr.write(`mohr officer ${Object.keys(COMMANDS).join('|')} [flags]\n`);
  return USAGE_EXIT_CODE;
}
