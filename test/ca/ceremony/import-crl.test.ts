import t from 'tap';
import type { Test } from 'tap';

import { importCrl } from '../../../ca/ceremony/import-crl.ts';
import { registerAuthority } from '../../../ca/ceremony/register-authority.ts';
import { makeRootCrl } from '../../../ca/ceremony/root-crl.ts';
import { checkRecords } from '../../../cli/fsck/check-records.ts';
import type { Finding } from '../../../cli/fsck/finding.ts';
import { PgRecords } from '../../../db/pg-records.ts';
import type { OpenedPool } from '../../../db/open-embedded.ts';
import { buildCertificateList } from '../../../ca/crl/sign-certificate-list.ts';
import { parseCertificateList } from '../../../pki/crl.ts';
import type { RevokedCertificate } from '../../../pki/crl-entry.ts';
import { issuingDistributionPointExtension } from '../../../pki/extensions/issuing-distribution-point.ts';
import type { Extension } from '../../../pki/extension.ts';
import { CEREMONY_NOW, fixtureRoot } from '../../support/ceremony-fixtures.ts';
import { onBothDatabases } from '../../support/both-databases.ts';
import { ROOT, belowRoot, registeredHouse } from '../../support/registered-house.ts';

const bronze = await belowRoot('bronze', 'Health Bronze CA');
const silver = await belowRoot('silver', 'Health Silver CA', { assuranceLevel: 2 });
const { serialNumber } = bronze.certificate;

const at = (seconds: number) => new Date(CEREMONY_NOW.getTime() + seconds * 1000);
const revoked = (overrides: Partial<RevokedCertificate> = {}): RevokedCertificate => ({
  serialNumber,
  revokedAt: at(30),
  reason: 'cACompromise',
  ...overrides,
});

/** A list as any root may sign it, sensible or not. */
async function list(
  crlNumber: number,
  entries: readonly RevokedCertificate[] = [],
  overrides: { extensions?: Extension[]; thisUpdate?: Date; nextUpdate?: Date; issuer?: typeof ROOT } = {},
) {
  const { certificate, signer } = overrides.issuer ?? ROOT;
  const { extensions = [], thisUpdate = at(crlNumber > 2 ? 60 : 40), nextUpdate = at(86_400) } = overrides;
  const fields = { issuer: certificate, signer, crlNumber, thisUpdate, nextUpdate, extensions, entries };
  return parseCertificateList(await buildCertificateList(fields));
}

t.test('CRLs of an offline root', (t) =>
  onBothDatabases(t, async (t, { opened }) => {
    await refusals(t, opened);
    await statuses(t, opened);
  }),
);

const importer = (opened: OpenedPool) => {
  const { house, stores } = registeredHouse(opened);
  const take = async (crl: Awaited<ReturnType<typeof list>>, issuerId = 'root') =>
    importCrl(house, { issuerId, list: crl, ceremonySha256: '00'.repeat(32) });
  return { house, stores, take };
};

const refusals = (t: Test, opened: OpenedPool) =>
  t.test('refuses lists that are not the complete, current list of that root', async (t) => {
    const { house, take } = importer(opened);
    await t.rejects(take(await list(1)), { code: 'authority-unknown' });
    for (const inputs of [bronze, silver]) await registerAuthority(house, inputs, () => ({ crlShards: 1 }));
    await t.rejects(take(await list(1), 'bronze'), { code: 'authority-online' });
    const stranger = await fixtureRoot({ commonName: 'Another Root' });
    await t.rejects(take(await list(1, [], { issuer: stranger })), { code: 'issuer-mismatch' });
    await t.rejects(take(await list(1, [], { issuer: await fixtureRoot() })), { code: 'issuer-mismatch' });
    const tampered = await list(1);
    const signature = Buffer.from(tampered.signature);
    signature[signature.length - 1] ^= 1;
    await t.rejects(take({ ...tampered, signature }), { code: 'signature-wrong' });
    const shard = [issuingDistributionPointExtension(['http://ca.example/crl/root/1.crl'])];
    await t.rejects(take(await list(1, [], { extensions: shard })), { code: 'crl-scope' });
    await take(await list(1, [], { nextUpdate: at(61) }));
    await t.rejects(take(await list(2, [], { thisUpdate: at(61) })), { code: 'validity' }, 'a second early');
    await t.rejects(
      take(await list(2, [], { nextUpdate: at(60) })),
      { code: 'validity' },
      'over this second',
    );
    await t.rejects(take(await list(1)), { code: 'crl-number' });
    await t.rejects(
      take(await list(2, [], { thisUpdate: at(39) })),
      { code: 'validity' },
      'older than the last',
    );
    await take(await list(2, [], { thisUpdate: at(60), nextUpdate: at(61) }));
  });

const statuses = (t: Test, opened: OpenedPool) =>
  t.test('what the root says of a CA becomes its status, and is never taken back', async (t) => {
    const { stores, take } = importer(opened);
    const history = async () => stores.statusHistory.changesOf('root', serialNumber);
    const { certificate: issuer, signer } = ROOT;
    const next = { crlNumber: 3, previous: await list(2), validity: 'P1D', revoke: [], now: at(60) };
    const { list: third } = await makeRootCrl({ issuer, signer, ...next });
    t.strictSame(await take(third), [], 'nothing changes');
    t.strictSame(await take(await list(4, [revoked({ reason: 'certificateHold' })])), ['bronze']);
    t.strictSame(await take(await list(5)), ['bronze'], 'released');
    const entry = revoked({ revokedAt: at(50), invalidityDate: at(10) });
    t.strictSame(await take(await list(6, [entry])), ['bronze']);
    t.strictSame(await take(await list(7, [entry])), [], 'known already');
    await t.rejects(take(await list(8)), { code: 'crl-entry-missing' });
    t.match(await history(), [
      { event: 'issued' },
      { event: 'held', effectiveAt: at(30) },
      { event: 'released', effectiveAt: at(30) },
      { event: 'revoked', effectiveAt: at(50), reason: 'cACompromise', invalidityDate: at(10) },
    ]);
    const current = await stores.crls.current({ authorityId: 'root', kind: 'complete' });
    t.equal(current?.crlNumber, 7, 'a refused list is not published');
    const findings: Finding[] = [];
    for await (const finding of checkRecords(new PgRecords(stores.database))) findings.push(finding);
    t.strictSame(findings, [], 'fsck finds certificates, changes, events and CRLs of imports in order');
  });
