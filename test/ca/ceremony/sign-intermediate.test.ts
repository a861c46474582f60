import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { signIntermediate } from '../../../ca/ceremony/sign-intermediate.ts';
import type { IntermediateInputs } from '../../../ca/ceremony/sign-intermediate.ts';
import { serialHex } from '../../../pki/certificate.ts';
import { parseCertificatePolicies } from '../../../pki/extensions/certificate-policies.ts';
import { CE } from '../../../pki/oid.ts';
import { encodePem } from '../../../pki/pem.ts';
import {
  CEREMONY_NAMES,
  CEREMONY_NOW,
  PROFILES,
  checkKey,
  fixtureRequest,
  fixtureRoot,
  p384Signer,
} from '../../support/ceremony-fixtures.ts';
import { runOpenssl } from '../../support/run-openssl.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = await fixtureRoot();
const { request } = await fixtureRequest();

const inputs = (overrides: Partial<IntermediateInputs> = {}): IntermediateInputs => ({
  profile: PROFILES.get('intermediate')!,
  names: CEREMONY_NAMES,
  commonName: 'Health Bronze CA',
  assuranceLevel: 1,
  request,
  issuer: { id: 'root', certificate: root.certificate },
  signer: root.signer,
  checkKey,
  now: CEREMONY_NOW,
  ...overrides,
});

t.test('an intermediate has the key of the request, and OpenSSL finds the path', async (t) => {
  const { certificate } = await signIntermediate(inputs());
  t.strictSame(certificate.subjectPublicKeyInfo, request.subjectPublicKeyInfo);
  t.strictSame(certificate.issuer.bytes, root.certificate.subject.bytes);
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'root.pem'), encodePem('CERTIFICATE', root.certificate.bytes));
  writeFileSync(join(cwd, 'bronze.pem'), encodePem('CERTIFICATE', certificate.bytes));
  const at = String(CEREMONY_NOW.getTime() / 1000 + 1);
  const verify = ['verify', '-x509_strict', '-attime', at, '-CAfile', 'root.pem', 'bronze.pem'];
  t.match(runOpenssl(verify, { cwd }).toString(), /bronze\.pem: OK/);
  const text = runOpenssl(['x509', '-in', 'bronze.pem', '-noout', '-text'], { cwd }).toString();
  t.match(text, /CA:TRUE, pathlen:0/);
  t.match(text, /Policy: 2\.16\.364\.101\.1\.1\.1\s+CPS: http:\/\/ca\.example\/cps/);
  t.match(text, /URI:http:\/\/ca\.example\/crl\/root\.crl/);
});

t.test('each signing draws its own serial number', async (t) => {
  const [one, other] = [await signIntermediate(inputs()), await signIntermediate(inputs())];
  t.not(serialHex(one.certificate), serialHex(other.certificate));
});

t.test('one root signs for several levels of assurance, each with its own policy', async (t) => {
  for (const assuranceLevel of [1, 2]) {
    const { certificate } = await signIntermediate(inputs({ assuranceLevel }));
    const [{ policy }] = parseCertificatePolicies(certificate.extensions.get(CE.certificatePolicies)!.value);
    t.equal(policy, `2.16.364.101.1.1.${assuranceLevel}`);
  }
});

t.test('refuses requests that were swapped', async (t) => {
  const silver = await fixtureRequest({ commonName: 'Health Silver CA' });
  await t.rejects(signIntermediate(inputs({ request: silver.request })), {
    code: 'subject-mismatch',
    detail:
      'the request is for C=IR, O=Health Authority, CN=Health Silver CA, the act for C=IR, O=Health Authority, CN=Health Bronze CA',
  });
});

t.test("refuses a key that is not the issuer's", async (t) => {
  await t.rejects(signIntermediate(inputs({ signer: await p384Signer() })), { code: 'key-mismatch' });
});

t.test('refuses an issuer that is not valid yet or any more', async (t) => {
  const { notBefore, notAfter } = root.certificate;
  const early = new Date(notBefore.getTime() - 1000);
  await t.rejects(signIntermediate(inputs({ now: early })), { code: 'validity' });
  const late = new Date(notAfter.getTime() + 1000);
  await t.rejects(signIntermediate(inputs({ now: late })), { code: 'validity' });
});

t.test("refuses a term beyond the issuer's, and takes a shorter one", async (t) => {
  const old = await fixtureRoot({ validity: 'P5Y' });
  const issuer = { id: 'root', certificate: old.certificate };
  await t.rejects(signIntermediate(inputs({ issuer, signer: old.signer })), {
    code: 'validity-exceeds-issuer',
  });
  const { certificate } = await signIntermediate(inputs({ issuer, signer: old.signer, validity: 'P5Y' }));
  t.strictSame(certificate.notAfter, old.certificate.notAfter);
});

t.test('refuses an issuer that may not sign certificates of CAs', async (t) => {
  const bronze = await fixtureRequest();
  const { certificate } = await signIntermediate(inputs({ request: bronze.request }));
  const issuer = { issuer: { id: 'bronze', certificate }, signer: bronze.signer, validity: 'P1Y' };
  await t.rejects(signIntermediate(inputs(issuer)), { code: 'subject-reused' });
  const commonName = 'Lower CA';
  const below = { ...issuer, commonName, request: (await fixtureRequest({ commonName })).request };
  await t.rejects(signIntermediate(inputs(below)), { code: 'lint-failed', detail: /path-length-of-issuer/ });
});
