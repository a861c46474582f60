import { pino } from 'pino';
import type { Test } from 'tap';

import { buildWitnessApp } from '../../api/witness/witness-app.ts';
import { encodeNoteKey, noteKeyOf } from '../../audit/note/note-key.ts';
import type { NoteKey } from '../../audit/note/note-key.ts';
import { WitnessFolder } from '../../cli/audit/witness-folder.ts';
import { systemClock } from '../../core/clock.ts';
import { ed25519Signer } from './memory-witness.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A witness that listens; it cosigns for the logs whose keys are put into `logs`. */
export async function listenAsWitness(t: Test, name: string) {
  const signer = ed25519Signer();
  const key = noteKeyOf(signer, name, 'cosignature');
  const logs: NoteKey[] = [];
  const memory = new WitnessFolder(temporaryFolder(t));
  const app = await buildWitnessApp(
    { key, signer, logs, memory, clock: systemClock },
    pino({ level: 'silent' }),
  );
  t.teardown(() => app.close());
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { key, noteKey: encodeNoteKey(key), url, logs, memory };
}
