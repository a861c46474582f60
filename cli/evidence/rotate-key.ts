import { systemClock } from '../../core/clock.ts';
import { SealingKeys } from '../../keys/sealing-keys.ts';
import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import { sealingOptions } from '../evidence-vault.ts';

/** `mohr evidence rotate-key`: makes the key that seals from the next start on; the older ones stay for what they have sealed. */
export async function rotateKey(args: string[]): Promise<number> {
  const line = readCommandLine({ usage: 'evidence rotate-key [flags]', operands: 0 }, args, process.env);
  if (!line) return USAGE_EXIT_CODE;
  const options = await sealingOptions({ ...line.settings, clock: systemClock });
  process.stdout.write(`${await SealingKeys.rotate(options)}\n`);
  return 0;
}
