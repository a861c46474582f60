import { join } from 'node:path';

import { pino } from 'pino';

import { buildWitnessApp } from '../../api/witness/witness-app.ts';
import { encodeNoteKey, noteKeyOf } from '../../audit/note/note-key.ts';
import { systemClock } from '../../core/clock.ts';
import { lockDataDirectory } from '../../db/lock-data-directory.ts';
import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import { KeyStore } from '../key-store.ts';
import { listen } from '../listen.ts';
import { makeLogger } from '../logger.ts';
import { readLogKeys } from '../transparency/read-log-keys.ts';
import { closeAll, untilStopped } from '../until-stopped.ts';
import type { Closers } from '../until-stopped.ts';
import { WitnessFolder } from './witness-folder.ts';

const FORM = {
  usage: 'audit witness --name <name> --log-key <key or file> [flags]',
  operands: 0,
  values: ['name', 'log-key'],
};

/** Of a key: no spaces, no plus (C2SP signed-note). */
const NAME = /^[a-z0-9][a-z0-9./-]{0,100}$/;

/**
 * `mohr audit witness`: cosigns checkpoints of the logs whose keys it is told, and never two histories of one. It needs no database and
 * nothing of the deployment: whoever audits runs it elsewhere. Resolves to the exit code when it is told to stop.
 */
export async function witness(args: string[]): Promise<number> {
  const line = readCommandLine(FORM, args, process.env);
  const logs = line && (await readLogKeys(line.values['log-key']));
  const name = line?.values['name'] ?? '';
  if (!line || !logs || !NAME.test(name)) {
    if (line) process.stderr.write(`mohr ${FORM.usage}\n`);
    return USAGE_EXIT_CODE;
  }
  const { settings } = line;
  const logger = makeLogger(settings.logLevel, pino.destination(2));
  const closers: Closers = [];
  try {
    closers.unshift(await lockDataDirectory(settings.dataDirectory));
    const keys = await KeyStore.open(join(settings.dataDirectory, 'keys'), { ...settings, keys: 'file' });
    closers.unshift(() => keys.close());
    const [known] = await keys.listFiles();
    const signer = await keys.openSigner(known ?? (await keys.create('witness', 'ed25519')));
    const key = noteKeyOf(signer, name, 'cosignature');
    const memory = new WitnessFolder(join(settings.dataDirectory, 'witnessed'));
    const app = await buildWitnessApp({ key, signer, logs, memory, clock: systemClock }, logger);
    closers.unshift(() => app.close());
    await listen(app, settings);
    const stopped = untilStopped(closers, { ...settings, logger });
    process.stdout.write(
      `mohr is a witness on http://${settings.host}:${settings.port}; its line for MOHR_LOG_WITNESSES:\n${encodeNoteKey(key)} http://${settings.host}:${settings.port}\n`,
    );
    await stopped;
    return 0;
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}
