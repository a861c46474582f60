import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import t from 'tap';

import { ManualClock, systemClock } from '../../core/clock.ts';
import { migrate } from '../../db/migrate.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { PgLeaderLock } from '../../db/pg-leader-lock.ts';
import { parseCertificateList } from '../../pki/crl.ts';
import { MIGRATIONS } from '../support/both-databases.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

const ATTEMPTS = 4_000;
const INTERVAL_MILLISECONDS = 25;

t.test(
  'of two houses on one database one builds CRLs, both serve them, and the other takes over',
  async (t) => {
    const { url } = await createTestDatabase(t);
    const folder = temporaryFolder(t);
    const clock = new ManualClock(systemClock.now());
    const open = async (name: string) => {
      const opened = await openPostgres(url);
      const crlLock = new PgLeaderLock(url, 'crl');
      const service = await openTestService({ opened, crlLock, clock, dataDirectory: join(folder, name) });
      let isOpen = true;
      const close = async () => {
        if (!isOpen) return;
        isOpen = false;
        await service.close();
        await opened.close();
      };
      t.teardown(close);
      return { ...service, crlLock, opened, close };
    };
    const migrating = await openPostgres(url);
    await migrate(migrating.pool, MIGRATIONS);
    await migrating.close();

    const one = await open('one');
    // Both have the keys, as two machines with one token would.
    cpSync(join(folder, 'one'), join(folder, 'other'), { recursive: true });
    const other = await open('other');
    t.equal(await one.crlLock.lead(), true);
    t.equal(await other.crlLock.lead(), false);

    const fetched = async ({ app }: TestService) => {
      const { headers, rawPayload } = await app.inject({ url: '/crl/bronze.crl' });
      return { etag: headers.etag, octets: rawPayload, list: parseCertificateList(rawPayload) };
    };
    /** Lets the clock run until all of them list a certificate. */
    const untilListed = async (services: TestService[], serialNumber: Buffer) => {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        clock.advanceSeconds(3);
        const answers = await Promise.all(services.map(fetched));
        if (answers.every(({ list }) => list.revokedCertificates.find(serialNumber))) return answers;
        await setTimeout(INTERVAL_MILLISECONDS);
      }
      throw new Error('the revocation did not reach every CRL');
    };
    const hold = ({ house }: TestService, serialNumber: Buffer) =>
      house.services.statusChanger.changeStatus(
        { authorityId: 'bronze', serialNumber, event: 'held', requestedBy: 'officer:test' },
        { kind: 'operator', id: 'test' },
      );

    const [a, b] = [await fetched(one), await fetched(other)];
    t.ok(a.octets.equals(b.octets));
    t.equal(a.etag, b.etag);

    const first = (await issueDoctor(one)).certificate.serialNumber;
    await hold(other, first);
    const [byOne, byOther] = await untilListed([one, other], first);
    t.ok(byOne.octets.equals(byOther.octets), 'changed at one, built by the other, served by both');
    t.equal(byOne.etag, byOther.etag);
    t.ok(byOne.list.crlNumber! > a.list.crlNumber!);
    t.equal(await other.crlLock.lead(), false, 'it has built nothing');

    const second = (await issueDoctor(other)).certificate.serialNumber;
    await one.close();
    await hold(other, second);
    const [taken] = await untilListed([other], second);
    t.equal(await other.crlLock.lead(), true);
    t.ok(taken.list.crlNumber! > byOther.list.crlNumber!);
    t.ok(taken.list.revokedCertificates.find(first));
  },
);
