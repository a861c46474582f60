import { randomBytes } from 'node:crypto';

import { Database } from '../../db/database.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { PgCertificateStore } from '../../db/pg-certificate-store.ts';
import { PgCrlStore } from '../../db/pg-crl-store.ts';

// One of several issuers, each a process of its own, that want the same serial numbers and the next CRL number.

export interface RaceOrder {
  url: string;
  /** Hexadecimal. */
  serials: string[];
  crlNumbers: number;
}

export interface RaceResult {
  outcomes: string[];
  crlNumbers: number[];
}

process.send!('ready');
process.once('message', (order) => void race(order as RaceOrder));

async function race({ url, serials, crlNumbers }: RaceOrder): Promise<void> {
  const opened = await openPostgres(url);
  const database = new Database(opened.pool);
  const certificates = new PgCertificateStore();
  const crls = new PgCrlStore(database);
  const outcomes: string[] = [];
  const numbers: number[] = [];
  for (const serial of serials) {
    outcomes.push(
      await database.transaction((tx) =>
        certificates.recordIntent(tx, {
          authorityId: 'bronze',
          serialNumber: Buffer.from(serial, 'hex'),
          tbsCertificate: Buffer.from('3000', 'hex'),
          spkiSha256: randomBytes(32),
          profileId: 'signing-phone',
          profileVersion: 1,
          origin: 'test:race',
          intendedAt: new Date('2026-06-15T08:00:00Z'),
        }),
      ),
    );
  }
  for (let count = 0; count < crlNumbers; count += 1)
    numbers.push(await database.transaction((tx) => crls.allocateNumber(tx, 'bronze', 'complete')));
  const result: RaceResult = { outcomes, crlNumbers: numbers };
  process.send!(result);
  await opened.close();
  process.disconnect();
}
