import { join } from 'node:path';

import { systemClock } from '../../core/clock.ts';
import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import type { Output } from '../command-line.ts';
import { KeyStore } from '../key-store.ts';
import { withStores } from '../open-database.ts';
import { listKeys } from './list-keys.ts';
import type { ListedKey } from './list-keys.ts';

const FORM = { usage: 'keys list [--json] [flags]', operands: 0, switches: ['json'] };

/** `mohr keys list`: references, key types, and who uses them. Resolves to the exit code. */
export async function list(args: string[], output: Output = process.stdout): Promise<number> {
  const line = readCommandLine(FORM, args, process.env);
  if (!line) return USAGE_EXIT_CODE;
  const { settings } = line;
  const keyStore = await KeyStore.open(join(settings.dataDirectory, 'keys'), settings);
  const files = await keyStore.listFiles();
  const keys = await withStores(settings, (stores) =>
    listKeys({ ...stores, transactions: stores.database, clock: systemClock }, files),
  );
  output.write(line.switches.has('json') ? `${JSON.stringify(keys)}\n` : keys.map(textOf).join(''));
  return 0;
}

function textOf({ reference, keyType, uses }: ListedKey): string {
  const users = uses.map(
    ({ role, authorityId, notAfter }) => `  ${role} ${authorityId}, until ${notAfter.toISOString()}\n`,
  );
  const use =
    users.length > 0 ? users.join('') : '  used by no authority and by nothing valid that it certified\n';
  return `${reference}${keyType ? ` (${keyType})` : ''}\n${use}`;
}
