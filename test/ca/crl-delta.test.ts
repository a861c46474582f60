import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { CrlScheduler } from '../../ca/crl/crl-scheduler.ts';
import { scopeName } from '../../ca/crl/crl-scope.ts';
import { parseCertificateList } from '../../pki/crl.ts';
import { encodePem } from '../../pki/pem.ts';
import type { RevocationReason } from '../../pki/revocation-reason.ts';
import { crlSerial, memoryCrlHouse } from '../support/memory-crl-house.ts';
import { fixtureCertificate, physicianTemplate } from '../support/fixture-certificate.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const COMPLETE = { authorityId: 'bronze', kind: 'complete' } as const;
const DELTA = { authorityId: 'bronze', kind: 'delta' } as const;
const HOUR = 3600;

async function fixture() {
  const house = await memoryCrlHouse({ delta: true });
  const scheduler = new CrlScheduler({
    house,
    lock: { lead: async () => true, release: async () => undefined },
    onFailure: (error) => {
      throw error;
    },
  });
  const read = (scope: typeof COMPLETE | typeof DELTA) =>
    parseCertificateList(Buffer.concat(house.cache.current(scope)!.der));
  return {
    house,
    scheduler,
    complete: () => read(COMPLETE),
    delta: () => read(DELTA),
    /** Lets the batch time pass and the CRLs be issued. */
    async settle(seconds = 2) {
      await scheduler.tick();
      house.clock.advanceSeconds(seconds);
      return (await scheduler.tick()).map((head) => `${scopeName(head.scope)}#${head.crlNumber}`);
    },
  };
}

const reasonsOf = (list: ReturnType<typeof parseCertificateList>): Record<string, RevocationReason> =>
  Object.fromEntries(
    Array.from(list.revokedCertificates, ({ serialNumber, reason }) => [
      Buffer.from(serialNumber).readUInt32BE(12),
      reason,
    ]),
  );

t.test('a delta lists what changed since its base and shares the number of its complete CRL', async (t) => {
  const { house, complete, delta, settle } = await fixture();
  house.source.add({ serialNumber: crlSerial(1), event: 'revoked', reason: 'superseded' });
  house.source.add({ serialNumber: crlSerial(2), event: 'held', reason: 'certificateHold' });
  t.strictSame(await settle(), [], 'issued at once, nothing more two seconds later');
  t.equal(house.cache.current(DELTA), undefined, 'there is nothing yet that a delta could build on');
  t.equal(complete().freshestCrl, undefined);
  house.source.add({ serialNumber: crlSerial(3), event: 'revoked', reason: 'keyCompromise' });
  house.source.add({ serialNumber: crlSerial(2), event: 'released' });
  house.source.add({ serialNumber: crlSerial(4), event: 'held', reason: 'certificateHold' });
  t.strictSame(await settle(), ['complete#2', 'delta#2']);
  t.match(delta(), { crlNumber: 2n, baseCrlNumber: 1n, unknownCritical: [] });
  t.strictSame(delta().thisUpdate, complete().thisUpdate);
  t.strictSame(reasonsOf(delta()), { 2: 'removeFromCRL', 3: 'keyCompromise', 4: 'certificateHold' });
  t.strictSame(reasonsOf(complete()), { 1: 'superseded', 3: 'keyCompromise', 4: 'certificateHold' });
  t.strictSame(complete().freshestCrl?.[0].fullName, [
    { kind: 'uri', value: 'http://pki.example/crl/bronze/delta.crl' },
  ]);
  t.equal(delta().freshestCrl, undefined);
  t.strictSame(Object.keys(house.cache.current(DELTA)!.bases![0]), [
    'crlNumber',
    'lastChangeNumber',
    'thisUpdate',
  ]);
});

t.test('base and delta together say what the complete CRL says', async (t) => {
  const { house, complete, delta, settle } = await fixture();
  for (let number = 0; number < 2500; number += 1) {
    house.source.add({ serialNumber: crlSerial(number), event: 'held', reason: 'certificateHold' });
  }
  await settle();
  const base = reasonsOf(complete());
  for (let number = 0; number < 2500; number += 2) {
    const serialNumber = crlSerial(number);
    if (number % 3 === 0) house.source.add({ serialNumber, event: 'released' });
    else house.source.add({ serialNumber, event: 'revoked', reason: 'superseded' });
  }
  await settle();
  const combined = { ...base, ...reasonsOf(delta()) };
  const left = Object.entries(combined).filter(([, reason]) => reason !== 'removeFromCRL');
  t.strictSame(Object.fromEntries(left), reasonsOf(complete()));
});

t.test('the base moves on when every older complete CRL has expired', async (t) => {
  const { house, delta, settle } = await fixture();
  await settle();
  house.source.add({ serialNumber: crlSerial(1), event: 'revoked', reason: 'superseded' });
  await settle();
  const bases = [];
  for (let round = 0; round < 4; round += 1) {
    await settle(12 * HOUR);
    bases.push([delta().baseCrlNumber, Object.keys(reasonsOf(delta())).length]);
  }
  // Number 1 is of hour 0, 2 of the revocation, 3 of hour 12: from hour 36 on, number 2 and all before 3 have expired.
  t.strictSame(bases, [
    [1n, 1],
    [1n, 1],
    [3n, 0],
    [4n, 0],
  ]);
});

t.test('openssl verifies a delta CRL and prints its base', async (t) => {
  const { house, settle } = await fixture();
  await settle();
  house.source.add({ serialNumber: crlSerial(1), event: 'revoked', reason: 'superseded' });
  await settle();
  const folder = temporaryFolder(t);
  const { certificate } = house.authorities[0].authority;
  writeFileSync(join(folder, 'ca.pem'), encodePem('CERTIFICATE', certificate.bytes));
  writeFileSync(join(folder, 'delta.crl'), Buffer.concat(house.cache.current(DELTA)!.der));
  const args = ['crl', '-inform', 'DER', '-in', 'delta.crl', '-CAfile', 'ca.pem', '-noout', '-text'];
  const text = runOpenssl(args, { cwd: folder }).toString();
  t.match(text, /X509v3 Delta CRL Indicator: critical\s+1\b/);
  t.match(text, /X509v3 CRL Number:\s+2\b/);
});

t.test('openssl finds in the delta what the base does not have yet', async (t) => {
  const { house, settle } = await fixture();
  const { certificate } = house.authorities[0].authority;
  const leaf = await fixtureCertificate(
    { ...physicianTemplate(memorySigner().subjectPublicKeyInfo), serialNumber: crlSerial(1) },
    { certificate, signer: house.signer },
  );
  await settle();
  house.source.add({ serialNumber: leaf.serialNumber, event: 'revoked', reason: 'keyCompromise' });
  await settle();
  const folder = temporaryFolder(t);
  const pem = (label: string, ...ders: Uint8Array[]) => ders.map((der) => encodePem(label, der)).join('');
  const base = Buffer.concat(house.store.published[0].der);
  const delta = Buffer.concat(house.cache.current(DELTA)!.der);
  writeFileSync(join(folder, 'ca.pem'), pem('CERTIFICATE', certificate.bytes));
  writeFileSync(join(folder, 'leaf.pem'), pem('CERTIFICATE', leaf.bytes));
  const verify = (...crls: Uint8Array[]) => {
    writeFileSync(join(folder, 'crls.pem'), pem('X509 CRL', ...crls));
    const time = String(house.clock.now().getTime() / 1000 + 60);
    const options = [
      '-crl_check',
      '-use_deltas',
      '-attime',
      time,
      '-CRLfile',
      'crls.pem',
      '-CAfile',
      'ca.pem',
    ];
    return runOpenssl(['verify', ...options, 'leaf.pem'], { cwd: folder }).toString();
  };
  t.match(verify(base), 'leaf.pem: OK');
  t.throws(() => verify(base, delta), /certificate revoked/);
});
