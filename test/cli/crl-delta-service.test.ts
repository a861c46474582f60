import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import * as pkijs from 'pkijs';
import t from 'tap';

import { checkRecords } from '../../cli/fsck/check-records.ts';
import { PgRecords } from '../../db/pg-records.ts';
import { parseCertificateList } from '../../pki/crl.ts';
import type { CertificateList } from '../../pki/crl.ts';
import { onBothDatabases } from '../support/both-databases.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

const ATTEMPTS = 4_000;
const INTERVAL_MILLISECONDS = 25;
const SWITCHES = {
  others: { complete: true, shards: true, delta: false },
  of: new Map([['bronze', { complete: true, shards: true, delta: true }]]),
};

async function listAt({ app }: TestService, path: string): Promise<CertificateList> {
  const answer = await app.inject({ url: path });
  if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode}`);
  return parseCertificateList(answer.rawPayload);
}

/** Lets the service's clock run until the complete CRL of bronze is newer than a number. */
async function nextList(service: TestService, after: bigint): Promise<CertificateList> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    service.clock.advanceSeconds(3);
    const list = await listAt(service, '/crl/bronze.crl');
    if (list.crlNumber! > after) return list;
    await setTimeout(INTERVAL_MILLISECONDS);
  }
  throw new Error('no newer CRL came');
}

/** Serial numbers with their reasons, as pkijs reads them. */
function readByPkijs(list: CertificateList): Map<string, number | undefined> {
  const read = pkijs.CertificateRevocationList.fromBER(new Uint8Array(list.bytes).buffer);
  return new Map(
    (read.revokedCertificates ?? []).map(({ userCertificate, crlEntryExtensions }) => {
      const reason = crlEntryExtensions?.extensions.find(({ extnID }) => extnID === '2.5.29.21');
      const value = reason?.parsedValue as { valueBlock: { valueDec: number } } | undefined;
      return [
        Buffer.from(userCertificate.valueBlock.valueHexView).toString('hex'),
        value?.valueBlock.valueDec,
      ];
    }),
  );
}

const REMOVE_FROM_CRL = 8;

await t.test(
  'a CA whose delta CRLs are on publishes them, and base and delta say what is current',
  async (t) => {
    await onBothDatabases(t, async (t, { opened }) => {
      const service = await openTestService({ opened, dataDirectory: temporaryFolder(t), crls: SWITCHES });
      t.teardown(() => service.close());
      const { services, stores } = service.house;
      const actor = { kind: 'operator', id: 'test' } as const;
      const change = (serialNumber: Buffer, event: 'held' | 'released' | 'revoked') =>
        services.statusChanger.changeStatus(
          {
            authorityId: 'bronze',
            serialNumber,
            event,
            requestedBy: 'officer:test',
            ...(event === 'revoked' && { reason: 'keyCompromise' as const }),
          },
          actor,
        );
      const [one, two] = [await issueDoctor(service), await issueDoctor(service)];
      await change(one.certificate.serialNumber, 'held');
      const first = await listAt(service, '/crl/bronze.crl');
      const base = await nextList(service, first.crlNumber!);
      await change(one.certificate.serialNumber, 'released');
      await change(two.certificate.serialNumber, 'revoked');
      const current = await nextList(service, base.crlNumber!);
      const delta = await listAt(service, '/crl/bronze/delta.crl');
      t.equal(delta.crlNumber, current.crlNumber);
      t.equal(delta.baseCrlNumber, first.crlNumber);
      t.match(JSON.stringify(current.freshestCrl), 'http://mohr.test/crl/bronze/delta.crl');
      t.equal((await service.app.inject({ url: '/crl/silver/delta.crl' })).statusCode, 404, 'off for silver');

      for (const known of [first, base]) {
        const combined = new Map([...readByPkijs(known), ...readByPkijs(delta)]);
        for (const [serial, reason] of combined) if (reason === REMOVE_FROM_CRL) combined.delete(serial);
        t.strictSame(combined, readByPkijs(current), `number ${known.crlNumber} and the delta`);
      }

      const folder = temporaryFolder(t);
      const issuer = (await service.app.inject({ url: '/ca/bronze.cer' })).rawPayload;
      writeFileSync(join(folder, 'ca.cer'), issuer);
      runOpenssl(['x509', '-inform', 'DER', '-in', 'ca.cer', '-out', 'ca.pem'], { cwd: folder });
      for (const [name, list] of [
        ['delta', delta],
        ['current', current],
      ] as const) {
        writeFileSync(join(folder, name), list.bytes);
        const text = runOpenssl(
          ['crl', '-inform', 'DER', '-in', name, '-CAfile', 'ca.pem', '-noout', '-text'],
          {
            cwd: folder,
          },
        ).toString();
        t.match(text, name === 'delta' ? /Delta CRL Indicator: critical/ : /Freshest CRL/);
      }

      await service.house.close();
      const findings = async () => {
        const found: string[] = [];
        for await (const { code, subject } of checkRecords(new PgRecords(stores.database)))
          found.push(`${code} ${subject}`);
        return found;
      };
      t.strictSame(await findings(), []);
      await stores.database.query({
        text: `begin; set local session_replication_role = replica;
        update status_change set reason = 'superseded' where event = 'revoked'; commit`,
      });
      const number = current.crlNumber;
      const found = await findings();
      t.ok(found.includes(`crl-content crl:bronze/delta/${number}`), found.join());
      t.ok(found.includes(`crl-content crl:bronze/complete/${number}`));
    });
  },
);
