import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { Test } from 'tap';

import { parseEntryBundle } from '../../audit/merkle/entry-bundle.ts';
import { parseNoteKey } from '../../audit/note/note-key.ts';
import { KeyStore } from '../../cli/key-store.ts';
import { openStores } from '../../cli/stores.ts';
import { openLog } from '../../cli/transparency/open-log.ts';
import { ManualClock, systemClock } from '../../core/clock.ts';
import type { OpenedPool } from '../../db/open-embedded.ts';
import { memoryWitness } from './memory-witness.ts';

export const LOGGED_EVENT = {
  actor: { kind: 'officer', id: 'an-officer', officeId: 'an-office' },
  action: 'hold-certificate',
  outcome: 'accepted',
  subject: 'certificate:bronze-1/0badc0de',
  details: { changeNumber: 7, reason: 'certificateHold', requestedBy: 'officer:an-officer' },
} as const;

/** A log with one witness in this process, a stamper in name only, and a clock that stands. */
export async function openTestLog(
  t: Test,
  opened: OpenedPool,
  dataDirectory: string,
  { startsAt = systemClock.now(), historyOctets }: { startsAt?: Date; historyOctets?: number } = {},
) {
  const stores = openStores(opened);
  const clock = new ManualClock(startsAt);
  const witness = memoryWitness(clock, async () => {
    const keys = await stores.database.transaction((tx) => stores.logKeys.listKeys(tx));
    return keys.map(({ noteKey }) => parseNoteKey(noteKey));
  });
  const rolledBack: string[] = [];
  const registry = new Registry();
  const log = await openLog({
    stores,
    dataDirectory,
    publicUrl: 'http://mohr.test',
    clock,
    logger: pino({ level: 'silent' }),
    registry,
    ...(historyOctets !== undefined && { historyOctets }),
    stamp: async (hash) => Buffer.concat([Buffer.from('token over '), hash]),
    witnesses: [witness],
    onRolledBack: ({ code }) => rolledBack.push(code),
  });
  t.teardown(() => log.close());
  const record = (count: number, event: object = {}) =>
    stores.database.transaction((tx) =>
      stores.audit.recordAll(
        tx,
        Array.from({ length: count }, () => ({ ...LOGGED_EVENT, at: clock.now(), ...event })),
      ),
    );
  const keyHouse = {
    stores,
    keys: await KeyStore.open(join(dataDirectory, 'keys')),
    clock,
    origin: 'mohr.test/log',
  };
  const leavesIn = (folder: string): Buffer[] => {
    const entries = join(folder, 'log', 'tile', 'entries');
    const names = readdirSync(entries, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name))
      .sort();
    return names.flatMap((name) => parseEntryBundle(readFileSync(name)));
  };
  return { stores, registry, clock, witness, log, record, keyHouse, rolledBack, leavesIn };
}
