import { USAGE_EXIT_CODE } from '../command-line.ts';
import { bench } from './bench.ts';
import { block } from './block.ts';
import { certifyTsa } from './certify-tsa.ts';
import { enrolResponders } from './enrol-responders.ts';
import { list } from './list.ts';
import { requestTsa } from './request-tsa.ts';
import { requestResponders } from './request-responders.ts';

const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<number>>> = {
  bench,
  block,
  list,
  'request-responders': requestResponders,
  'enrol-responders': enrolResponders,
  'request-tsa': requestTsa,
  'certify-tsa': certifyTsa,
};

/** `mohr keys <what> …`: looks after the keys of the deployment. Resolves to the exit code. */
export async function keys([what = '', ...args]: string[]): Promise<number> {
  const run = Object.hasOwn(COMMANDS, what) ? COMMANDS[what] : undefined;
  if (run) return run(args);
  process.stderr.write(`mohr keys ${Object.keys(COMMANDS).join('|')} [flags]\n`);
  return USAGE_EXIT_CODE;
}
