import { join } from 'node:path';

import { AuditError } from '../../audit/audit-error.ts';
import type { Clock } from '../../core/clock.ts';
import { KeyStore } from '../key-store.ts';
import type { Settings } from '../settings.ts';
import type { Stores } from '../stores.ts';
import { readWitnesses } from '../transparency/http-witness.ts';
import type { HttpWitness } from '../transparency/http-witness.ts';
import { LogFolder } from '../transparency/log-folder.ts';
import { folderOf } from '../transparency/open-log.ts';
import { checkKeptOutside, checkLogKeys, checkProgress, checkWitnesses } from './check-log.ts';
import { checkReachable } from './check-neighbours.ts';
import type { Examiner } from './diagnosis.ts';

/** The transparency log: whether it goes on, is signed, is kept outside, and is seen by others. */
export async function examineLog(
  settings: Settings,
  { database, transparency, logKeys }: Pick<Stores, 'database' | 'transparency' | 'logKeys'>,
  clock: Clock,
  examiner: Examiner,
): Promise<void> {
  const witnesses = await witnessesOf(settings, examiner);
  const keys = await KeyStore.open(join(settings.dataDirectory, 'keys'), { ...settings, keys: 'file' });
  try {
    const log = {
      transparency,
      records: await database.transaction((tx) => logKeys.listKeys(tx)),
      keys,
      folder: new LogFolder(folderOf(settings)),
      witnesses: witnesses.map(({ key }) => key),
      checkpointSeconds: settings.checkpointSeconds,
      clock,
    };
    await checkProgress(log, examiner);
    await checkLogKeys(log, examiner);
    await checkKeptOutside(log, examiner);
    await checkWitnesses(log, examiner);
  } finally {
    await keys.close();
  }
  // Asked for nothing: a witness cosigns what it is shown, and nothing is changed here.
  for (const { key, url } of witnesses)
    await checkReachable(`the witness ${key.name}`, url, examiner, 'it sees nothing meanwhile');
}

async function witnessesOf({ logWitnesses }: Settings, examiner: Examiner): Promise<HttpWitness[]> {
  try {
    return await readWitnesses(logWitnesses);
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    examiner.fail(error.detail, 'one witness a line: verifier key and URL (docs/AUDIT.md)');
    return [];
  }
}
