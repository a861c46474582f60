import t from 'tap';

import { CrlCache } from '../../ca/crl/crl-cache.ts';
import { CrlScheduler } from '../../ca/crl/crl-scheduler.ts';
import { PgCrlStore } from '../../db/pg-crl-store.ts';
import type { Database } from '../../db/database.ts';
import { certificateListParts } from '../../pki/crl-encode.ts';
import { parseCertificateList } from '../../pki/crl.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import { onBothDatabases } from '../support/both-databases.ts';
import { crlSerial, memoryCrlHouse } from '../support/memory-crl-house.ts';
import type { MemoryCrlHouse } from '../support/memory-crl-house.ts';

const ROUNDS = 12;

/** A process that believes to lead: its own cache, the shared history, clock and database. */
function racer(house: MemoryCrlHouse, database: Database, failures: unknown[]) {
  const store = new PgCrlStore(database);
  const cache = new CrlCache(store);
  const scheduler = new CrlScheduler({
    house: { ...house, store, cache, transactions: database },
    lock: { lead: async () => true, release: async () => undefined },
    onFailure: (error) => failures.push(error),
  });
  return { cache, scheduler };
}

t.test(
  'two that both believe to lead never sign the same number, and numbers in force only grow',
  async (t) => {
    await onBothDatabases(t, async (t, { database }) => {
      const house = await memoryCrlHouse({ delta: true });
      const { policy } = house;
      Object.assign(house, { policy: { ...policy, batchSeconds: 0, retrySeconds: 0 } });
      await database.query({
        text: `insert into authority (id, assurance_level, certificate, crl_shards, created_at)
        values ('bronze', 1, '\\x00', 4, now())`,
      });
      const signed: string[] = [];
      const { sign } = house.signer;
      const algorithm = signatureAlgorithmIdentifier(house.signer.algorithm);
      Object.assign(house.signer, {
        sign: async (tbs: Buffer) => {
          const list = parseCertificateList(
            Buffer.concat(certificateListParts([tbs], algorithm, Buffer.alloc(1))),
          );
          signed.push(`${list.baseCrlNumber === undefined ? 'complete' : 'delta'} ${list.crlNumber}`);
          return sign(tbs);
        },
      });
      const failures: unknown[] = [];
      const racers = [racer(house, database, failures), racer(house, database, failures)];
      const inForce: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        house.source.add({ serialNumber: crlSerial(round), event: 'revoked', reason: 'superseded' });
        await Promise.all(racers.map(({ scheduler }) => scheduler.tick()));
        house.clock.advanceSeconds(1);
        for (const { cache } of racers) await cache.refresh();
        const numbers = racers.map(
          ({ cache }) => cache.current({ authorityId: 'bronze', kind: 'complete' })!.crlNumber,
        );
        t.equal(numbers[0], numbers[1], 'both serve the same');
        inForce.push(numbers[0]);
      }
      t.equal(new Set(signed).size, signed.length, signed.join(', '));
      t.ok(signed.length > ROUNDS, 'they did race');
      t.strictSame(
        inForce,
        [...new Set(inForce)].sort((a, b) => a - b),
        'a newer one after each change',
      );
      for (const failure of failures) t.match(failure, { code: 'crl-number-taken' });
      const last = racers[0].cache.current({ authorityId: 'bronze', kind: 'complete' })!;
      t.equal(parseCertificateList(Buffer.concat(last.der)).revokedCertificates.count, ROUNDS);
      for (const { scheduler } of racers) await scheduler.close();
    });
  },
);
