import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { makeRootCrl } from '../../../ca/ceremony/root-crl.ts';
import type { RootCrlInputs } from '../../../ca/ceremony/root-crl.ts';
import type { RevokedCertificate } from '../../../pki/crl-entry.ts';
import { encodePem } from '../../../pki/pem.ts';
import { CEREMONY_NOW, fixtureRoot, p384Signer } from '../../support/ceremony-fixtures.ts';
import { runOpenssl } from '../../support/run-openssl.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = await fixtureRoot();
const later = (seconds: number) => new Date(CEREMONY_NOW.getTime() + seconds * 1000);

const inputs = (overrides: Partial<RootCrlInputs> = {}): RootCrlInputs => ({
  issuer: root.certificate,
  signer: root.signer,
  crlNumber: 1,
  validity: 'P1Y',
  revoke: [],
  now: later(60),
  ...overrides,
});

const entry = (octet: number, overrides: Partial<RevokedCertificate> = {}): RevokedCertificate => ({
  serialNumber: Buffer.alloc(16, octet),
  revokedAt: later(30),
  reason: 'cessationOfOperation',
  ...overrides,
});

t.test('OpenSSL reads and verifies the list and its entries', async (t) => {
  const { list } = await makeRootCrl(
    inputs({ revoke: [entry(0x41), entry(0x42, { reason: 'cACompromise' })] }),
  );
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'root.pem'), encodePem('CERTIFICATE', root.certificate.bytes));
  writeFileSync(join(cwd, 'root.crl'), list.bytes);
  const verify = ['crl', '-inform', 'DER', '-in', 'root.crl', '-CAfile', 'root.pem', '-noout', '-text'];
  const text = runOpenssl(verify, { cwd }).toString();
  t.match(text, /X509v3 CRL Number: \n\s+1\n/);
  t.match(text, /Next Update: Jun 15 08:01:00 2027 GMT/);
  t.match(text, new RegExp(`Serial Number: ${'42'.repeat(16)}[\\s\\S]+CA Compromise`));
});

t.test('the next list keeps all entries of the previous one', async (t) => {
  const first = await makeRootCrl(inputs({ revoke: [entry(0x41)] }));
  const second = inputs({ crlNumber: 2, previous: first.list, revoke: [entry(0x42)], now: later(120) });
  const { list } = await makeRootCrl(second);
  t.strictSame([...list.revokedCertificates], [entry(0x41), entry(0x42)]);
  t.equal(list.crlNumber, 2n);
});

t.test('refuses a number that is not above the previous one', async (t) => {
  const { list } = await makeRootCrl(inputs({ crlNumber: 7 }));
  for (const crlNumber of [6, 7]) {
    await t.rejects(makeRootCrl(inputs({ crlNumber, previous: list })), { code: 'crl-number' });
  }
  await makeRootCrl(inputs({ crlNumber: 8, previous: list }));
});

t.test('refuses a previous list of another issuer, of another key, and from the future', async (t) => {
  const stranger = await fixtureRoot({ commonName: 'Another Root' });
  const foreign = await makeRootCrl(inputs({ issuer: stranger.certificate, signer: stranger.signer }));
  const next = { crlNumber: 2, now: later(120) };
  await t.rejects(makeRootCrl(inputs({ ...next, previous: foreign.list })), { code: 'issuer-mismatch' });
  const namesake = await fixtureRoot();
  const twin = await makeRootCrl(inputs({ issuer: namesake.certificate, signer: namesake.signer }));
  await t.rejects(makeRootCrl(inputs({ ...next, previous: twin.list })), { code: 'signature-wrong' });
  const { list } = await makeRootCrl(inputs({ now: later(121) }));
  await t.rejects(makeRootCrl(inputs({ ...next, previous: list })), { code: 'validity' });
});

t.test('refuses entries that are there twice, or dated when they cannot be', async (t) => {
  const { list } = await makeRootCrl(inputs({ revoke: [entry(0x41)] }));
  const second = { crlNumber: 2, previous: list };
  await t.rejects(makeRootCrl(inputs({ ...second, revoke: [entry(0x41)] })), { code: 'crl-entry' });
  await t.rejects(makeRootCrl(inputs({ revoke: [entry(0x41), entry(0x41)] })), { code: 'crl-entry' });
  await makeRootCrl(inputs({ revoke: [entry(0x41, { revokedAt: later(60) })] }));
  for (const revokedAt of [later(61), later(-1)]) {
    await t.rejects(makeRootCrl(inputs({ revoke: [entry(0x41, { revokedAt })] })), { code: 'crl-entry' });
  }
  const invalidityDate = later(61);
  await t.rejects(makeRootCrl(inputs({ revoke: [entry(0x41, { invalidityDate })] })), { code: 'crl-entry' });
});

t.test('refuses a term that is empty or outlives the issuer', async (t) => {
  await t.rejects(makeRootCrl(inputs({ validity: 'PT0S' })), { code: 'validity' });
  await t.rejects(makeRootCrl(inputs({ validity: 'P20Y' })), { code: 'validity' });
  await t.rejects(makeRootCrl(inputs({ now: later(-1) })), { code: 'validity' });
});

t.test("refuses a key that is not the issuer's", async (t) => {
  await t.rejects(makeRootCrl(inputs({ signer: await p384Signer() })), { code: 'key-mismatch' });
});
