import { join } from 'node:path';

import { systemClock } from '../../core/clock.ts';
import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import type { Output } from '../command-line.ts';
import { KeyStore } from '../key-store.ts';
import { withStores } from '../open-database.ts';
import { addLogKey, originOf, retireLogKey } from '../transparency/log-keys.ts';

const ACTOR = { kind: 'operator', id: 'mohr-audit' } as const;
const FORMS = {
  list: { usage: 'audit keys list [flags]', operands: 0 },
  rotate: { usage: 'audit keys rotate [flags]', operands: 0 },
  retire: { usage: 'audit keys retire <verifier key> [flags]', operands: 1 },
};

/**
 * `mohr audit keys list|rotate|retire`: keys of the log. `rotate` makes one that signs beside those that there are, until verifiers
 * know it and `retire` ends the old one. Resolves to the exit code.
 */
export async function keys([verb = '', ...args]: string[], output: Output = process.stdout): Promise<number> {
  const form = Object.hasOwn(FORMS, verb) ? FORMS[verb as keyof typeof FORMS] : undefined;
  const line = form && readCommandLine(form, args, process.env);
  if (!line) {
    if (!form) process.stderr.write(`mohr audit keys ${Object.keys(FORMS).join('|')} [flags]\n`);
    return USAGE_EXIT_CODE;
  }
  const { settings, operands } = line;
  const store = await KeyStore.open(join(settings.dataDirectory, 'keys'), { ...settings, keys: 'file' });
  try {
    await withStores(settings, async (stores) => {
      const house = { stores, keys: store, clock: systemClock, origin: originOf(settings.publicUrl) };
      if (verb === 'rotate') await addLogKey(house, ACTOR);
      if (verb === 'retire') await retireLogKey(house, operands[0], ACTOR);
      const all = await stores.database.transaction((tx) => stores.logKeys.listKeys(tx));
      for (const { noteKey, retiredAt } of all)
        output.write(`${noteKey}${retiredAt ? `  retired ${retiredAt.toISOString()}` : ''}\n`);
    });
    return 0;
  } finally {
    await store.close();
  }
}
