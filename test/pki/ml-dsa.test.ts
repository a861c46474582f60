import { join } from 'node:path';

import t from 'tap';
import type { Test } from 'tap';

import { signIntermediate } from '../../ca/ceremony/sign-intermediate.ts';
import { buildTbsCertificate } from '../../ca/issue/build-tbs-certificate.ts';
import { lintBeforeSigning } from '../../ca/issue/lint-before-signing.ts';
import { signTbsCertificate } from '../../ca/issue/sign-tbs-certificate.ts';
import { parseProfile } from '../../ca/load-profiles.ts';
import type { Profile } from '../../ca/profile.ts';
import { createKeyFile } from '../../keys/create-key-file.ts';
import { openFileSigner } from '../../keys/file-signer.ts';
import { generateKey } from '../../keys/generate-key.ts';
import { makeCertificationRequest } from '../../keys/make-certification-request.ts';
import { Passphrase } from '../../keys/passphrase.ts';
import { isSignedBy, parseCertificate, publicKeyOf } from '../../pki/certificate.ts';
import { verifyCertificationRequest } from '../../pki/certification-request.ts';
import { openWhole } from '../../pki/der/decode.ts';
import { TAG } from '../../pki/der/tag.ts';
import { AT } from '../../pki/oid.ts';
import { encodePem } from '../../pki/pem.ts';
import { isSupportedHere } from '../../pki/runtime-support.ts';
import { SIGNATURE_SCHEMES, verifySignature } from '../../pki/signature-algorithm.ts';
import {
  CEREMONY_NAMES,
  CEREMONY_NOW,
  PROFILES,
  checkKey,
  fixtureRequest,
  fixtureRoot,
} from '../support/ceremony-fixtures.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// ML-DSA-65 (FIPS 204) as RFC 9881 puts it into certificates. `npm run test:unit` on Node 24.6 or later runs all of it.

const here = `Node ${process.versions.node} with OpenSSL ${process.versions.openssl}`;
const lacking = isSupportedHere('ml-dsa-65') ? false : `${here} has no ML-DSA-65; Node 24.6 has`;
if (lacking) t.comment(lacking);

/** AlgorithmIdentifier of id-ml-dsa-65, 2.16.840.1.101.3.4.3.18, without parameters (RFC 9881 §2). */
const IDENTIFIER = Buffer.from('300b0609608648016503040312', 'hex');
const PUBLIC_KEY_OCTETS = 1952;
const SIGNATURE_OCTETS = 3309;

const passphrase = new Passphrase('synthetic passphrase');
const cost = { costParameter: 1024, blockSize: 8, parallelization: 1 };

/** The switch: a profile says that its subjects' keys may be ML-DSA-65. */
const withMlDsa = (id: string): Profile => ({ ...PROFILES.get(id)!, keyTypes: ['ml-dsa-65'] });

t.test(
  'a profile that allows ML-DSA-65 is refused where the runtime lacks it',
  { skip: lacking ? false : `${here} has it` },
  async (t) => {
    const text = JSON.stringify(withMlDsa('signing-phone'));
    t.throws(() => parseProfile(text, 'pq.yaml'), {
      code: 'profile-invalid',
      detail:
        /^pq\.yaml: this runtime \(Node [0-9.]+, OpenSSL .*\) has no ML-DSA-65, which keyTypes allows; Node 24\.6 has$/,
    });
    await t.rejects(generateKey('ml-dsa-65'), { code: 'runtime-unsupported', detail: /Node 24\.6 has/ });
  },
);

t.test('no shipped profile allows it: the switch is off', async (t) => {
  for (const { id, keyTypes } of PROFILES.values()) t.notOk(keyTypes.includes('ml-dsa-65'), id);
});

t.test('a key file, a hierarchy and a holder, all ML-DSA-65', { skip: lacking }, async (t) => {
  t.ok(parseProfile(JSON.stringify(withMlDsa('signing-phone')), 'pq.yaml'), 'the profile is loaded');
  const path = join(temporaryFolder(t), 'root.key');
  const spki = await createKeyFile({ path, keyType: 'ml-dsa-65', passphrase, cost });
  const signer = await openFileSigner({ path, passphrase });
  t.equal(signer.algorithm, 'ml-dsa-65');
  t.ok(signer.subjectPublicKeyInfo.equals(spki));

  const key = openWhole(spki);
  t.strictSame(key.read(TAG.sequence).bytes, IDENTIFIER, 'no parameters');
  t.equal(
    key.read(TAG.bitString).content.length,
    1 + PUBLIC_KEY_OCTETS,
    'the key as it is, in no OCTET STRING',
  );

  const root = await fixtureRoot({ profile: withMlDsa('root'), signer });
  const { request, signer: caSigner } = await fixtureRequest({
    profile: withMlDsa('intermediate'),
    signer: await mlDsaSigner(t, 'bronze'),
  });
  const { certificate: ca } = await signIntermediate({
    profile: withMlDsa('intermediate'),
    names: CEREMONY_NAMES,
    commonName: 'Health Bronze CA',
    assuranceLevel: 1,
    request,
    issuer: { id: 'root', certificate: root.certificate },
    signer,
    checkKey,
    now: CEREMONY_NOW,
  });

  const holder = await mlDsaSigner(t, 'holder');
  const bytes = await makeCertificationRequest(holder, [{ type: AT.commonName, value: 'ignored' }]);
  const proven = await verifyCertificationRequest(encodePem('CERTIFICATE REQUEST', bytes));
  await checkKey(proven.subjectPublicKeyInfo, ['ml-dsa-65']);
  const tbs = buildTbsCertificate({
    profile: withMlDsa('signing-phone'),
    request: {
      subjectPublicKeyInfo: proven.subjectPublicKeyInfo,
      subject: {
        nationalId: '9990000018',
        givenName: 'شیرین',
        surname: 'آزمایشی',
        latinName: 'Shirin Azmayeshi',
      },
      councilNumber: { group: 'physician', digits: '1000' },
    },
    names: CEREMONY_NAMES,
    issuer: { id: 'bronze', assuranceLevel: 1, certificate: ca, crlShards: 16 },
    signatureAlgorithm: 'ml-dsa-65',
    now: CEREMONY_NOW,
  });
  const reports = lintBeforeSigning(tbs.bytes, 'ml-dsa-65', ca, CEREMONY_NOW);
  t.ok(reports.length > 50, 'all lints ran');
  const leaf = parseCertificate(
    await signTbsCertificate(tbs.bytes, { id: 'bronze', certificate: ca, signer: caSigner }),
  );
  for (const [name, certificate, issuer] of [
    ['root', root.certificate, root.certificate],
    ['intermediate', ca, root.certificate],
    ['leaf', leaf, ca],
  ] as const) {
    const outer = openWhole(certificate.bytes);
    outer.read(TAG.sequence);
    t.strictSame(outer.read(TAG.sequence).bytes, IDENTIFIER, `${name}: no parameters in signatureAlgorithm`);
    t.equal(outer.read(TAG.bitString).content.length, 1 + SIGNATURE_OCTETS, `${name}: pure, not pre-hashed`);
    t.ok(isSignedBy(certificate, publicKeyOf(issuer)), `${name}: verifies`);
  }
  t.notOk(isSignedBy(leaf, publicKeyOf(root.certificate)), 'with the key of its issuer alone');
  const changed = Buffer.from(leaf.tbsCertificate);
  changed[changed.length - 1] ^= 1;
  const scheme = SIGNATURE_SCHEMES['ml-dsa-65'];
  t.notOk(verifySignature(scheme, publicKeyOf(ca), changed, await caSigner.sign(leaf.tbsCertificate)));
});

async function mlDsaSigner(t: Test, name: string) {
  const path = join(temporaryFolder(t), `${name}.key`);
  await createKeyFile({ path, keyType: 'ml-dsa-65', passphrase, cost });
  return openFileSigner({ path, passphrase });
}
