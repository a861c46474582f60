import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { makeRoot } from '../../../ca/ceremony/make-root.ts';
import { nameText } from '../../../pki/name.ts';
import { encodePem } from '../../../pki/pem.ts';
import { PROFILES, p384Signer, rootInputs } from '../../support/ceremony-fixtures.ts';
import { memorySigner } from '../../support/memory-signer.ts';
import { runOpenssl } from '../../support/run-openssl.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

t.test('a root is self-signed, lasts as long as its profile says, and OpenSSL trusts it', async (t) => {
  const { certificate, reports } = await makeRoot(await rootInputs());
  t.equal(nameText(certificate.subject), 'C=IR, O=Health Authority, CN=Health Root CA');
  t.equal(certificate.notBefore.toISOString(), '2026-06-15T08:00:00.000Z');
  t.equal(certificate.notAfter.toISOString(), '2046-06-15T07:59:59.000Z');
  t.ok(reports.length > 50, 'all lints ran on the signed certificate');
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'root.pem'), encodePem('CERTIFICATE', certificate.bytes));
  const at = String(certificate.notBefore.getTime() / 1000 + 1);
  const verify = [
    'verify',
    '-x509_strict',
    '-check_ss_sig',
    '-attime',
    at,
    '-CAfile',
    'root.pem',
    'root.pem',
  ];
  t.match(runOpenssl(verify, { cwd }).toString(), /root\.pem: OK/);
});

t.test('an act may shorten the validity of its profile, to the second', async (t) => {
  const { certificate } = await makeRoot(await rootInputs({ validity: 'P10Y' }));
  t.equal(certificate.notAfter.toISOString(), '2036-06-15T07:59:59.000Z');
  await makeRoot(await rootInputs({ validity: 'P20Y' }));
  const longer = await rootInputs({ validity: 'P20YT1S' });
  await t.rejects(makeRoot(longer), {
    code: 'validity-exceeds-profile',
    detail: 'validity P20YT1S exceeds P20Y of profile root',
  });
});

t.test('refuses a profile of another purpose', async (t) => {
  const inputs = await rootInputs({ profile: PROFILES.get('intermediate')! });
  await t.rejects(makeRoot(inputs), { code: 'profile-unexpected' });
});

t.test('refuses a key that the profile does not allow, before anything is signed', async (t) => {
  const p256 = memorySigner();
  let signatures = 0;
  const signer = { ...p256, sign: (message: Uint8Array) => ((signatures += 1), p256.sign(message)) };
  await t.rejects(makeRoot(await rootInputs({ signer })), { code: 'key-type-not-allowed' });
  t.equal(signatures, 0);
});

t.test('refuses what the lints forbid, before anything is signed', async (t) => {
  const p384 = await p384Signer();
  let signatures = 0;
  const signer = { ...p384, sign: (message: Uint8Array) => ((signatures += 1), p384.sign(message)) };
  const inputs = await rootInputs({ signer, commonName: 'x'.repeat(65) });
  await t.rejects(makeRoot(inputs), { code: 'lint-failed' });
  t.equal(signatures, 0);
});

t.test('refuses a signature that another key made', async (t) => {
  const other = await p384Signer();
  const p384 = await p384Signer();
  const signer = { ...p384, sign: (message: Uint8Array) => other.sign(message) };
  await t.rejects(makeRoot(await rootInputs({ signer })), { code: 'signature-wrong' });
});
