import 'reflect-metadata';

import { execFileSync } from 'node:child_process';
import { X509Certificate, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { X509Certificate as PeculiarCertificate } from '@peculiar/x509';
import { fromBER } from 'asn1js';
import * as pkijs from 'pkijs';
import t from 'tap';

import {
  certificateFingerprint,
  isSignedBy,
  parseCertificate,
  publicKeyOf,
  serialHex,
} from '../../pki/certificate.ts';
import { nameText } from '../../pki/name.ts';
import { encodePem } from '../../pki/pem.ts';
import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';
import { authorityTemplate, fixtureCertificate, physicianTemplate } from '../support/fixture-certificate.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { runOpenssl } from '../support/run-openssl.ts';

// Around the clock of the machine, on which openssl and certtool rely, and across the end of UTCTime.
const notBefore = new Date('2020-01-01T00:00:00Z');
const notAfter = new Date('2050-01-01T00:00:00Z');

async function makeChain(rootSigner = memorySigner()) {
  const root = await fixtureCertificate(
    { ...authorityTemplate('Fixture Root CA', rootSigner), notBefore, notAfter },
    { signer: rootSigner },
  );
  const signer = memorySigner();
  const issuer = await fixtureCertificate(
    { ...authorityTemplate('Fixture Bronze CA', signer, 0), notBefore, notAfter },
    { certificate: root, signer: rootSigner },
  );
  const template = { ...physicianTemplate(memorySigner().subjectPublicKeyInfo), notBefore, notAfter };
  const leaf = await fixtureCertificate(template, { certificate: issuer, signer });
  return { root, issuer, leaf };
}

const chain = await makeChain();
const { root, issuer, leaf } = chain;

const pem = ({ bytes }: { bytes: Buffer }) => encodePem('CERTIFICATE', bytes);
const files = ({ root, issuer, leaf }: typeof chain) => ({
  'root.pem': pem(root),
  'issuer.pem': pem(issuer),
  'leaf.pem': pem(leaf),
  'chain.pem': pem(leaf) + pem(issuer) + pem(root),
});
const verifyLine = ['verify', '-x509_strict', '-CAfile', 'root.pem', '-untrusted', 'issuer.pem', 'leaf.pem'];

t.test('openssl and certtool accept a chain of ours', async (t) => {
  const cwd = t.testdir(files(chain));
  t.equal(runOpenssl(verifyLine, { cwd }).toString(), 'leaf.pem: OK\n');
  const said = execFileSync('certtool', ['--verify-chain', '--infile', 'chain.pem'], {
    cwd,
    stdio: 'pipe',
  }).toString();
  t.match(said, /Chain verification output: Verified\. The certificate is trusted\./);
});

t.test('openssl and certtool refuse it with one bit of the signature changed', async (t) => {
  const bytes = Buffer.from(leaf.bytes);
  bytes[bytes.length - 1] ^= 1;
  const cwd = t.testdir(files({ root, issuer, leaf: parseCertificate(bytes) }));
  t.throws(() => runOpenssl(verifyLine, { cwd }), { message: /certificate signature failure/ });
  t.throws(() =>
    execFileSync('certtool', ['--verify-chain', '--infile', 'chain.pem'], { cwd, stdio: 'pipe' }),
  );
});

const rsa = generateKeyPairSync('rsa', { modulusLength: 1536 }).privateKey;
const rootKeys: [SignatureAlgorithmName, typeof rsa][] = [
  ['rsa-sha256', rsa],
  ['rsa-sha512', rsa],
  ['rsa-pss-sha256', rsa],
  ['ecdsa-sha384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
  ['ecdsa-sha512', generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey],
  ['ed25519', generateKeyPairSync('ed25519').privateKey],
];
for (const [algorithm, key] of rootKeys) {
  t.test(`openssl accepts a chain under a root that signs with ${algorithm}`, async (t) => {
    const made = await makeChain(memorySigner(key, algorithm));
    t.ok(isSignedBy(made.issuer, publicKeyOf(made.root)));
    t.equal(runOpenssl(verifyLine, { cwd: t.testdir(files(made)) }).toString(), 'leaf.pem: OK\n');
  });
}

t.test('node, pkijs and @peculiar/x509 read the same certificate', async (t) => {
  for (const ours of [root, issuer, leaf]) {
    const node = new X509Certificate(ours.bytes);
    t.equal(node.serialNumber.toLowerCase(), serialHex(ours));
    t.equal(
      node.fingerprint256.replaceAll(':', '').toLowerCase(),
      certificateFingerprint(ours).toString('hex'),
    );
    t.equal(new Date(node.validFrom).getTime(), ours.notBefore.getTime());
    t.equal(new Date(node.validTo).getTime(), ours.notAfter.getTime());
    t.ok(node.publicKey.equals(publicKeyOf(ours)));

    const peculiar = new PeculiarCertificate(ours.bytes);
    t.equal(peculiar.serialNumber, serialHex(ours));
    t.same([peculiar.notBefore, peculiar.notAfter], [ours.notBefore, ours.notAfter]);
    t.same(Buffer.from(peculiar.issuerName.toArrayBuffer()), ours.issuer.bytes);
    t.same(Buffer.from(peculiar.subjectName.toArrayBuffer()), ours.subject.bytes);
    t.same(Buffer.from(peculiar.publicKey.rawData), ours.subjectPublicKeyInfo);
    t.same(Buffer.from(peculiar.signature), ours.signature);
    t.same(
      peculiar.extensions.map(({ type, critical, value }) => ({
        oid: type,
        critical,
        value: Buffer.from(value),
      })),
      [...ours.extensions.values()],
    );

    const theirs = new pkijs.Certificate({ schema: fromBER(ours.bytes).result });
    t.equal(theirs.version, ours.version);
    t.same(Buffer.from(theirs.tbsView), ours.tbsCertificate);
    t.same(Buffer.from(theirs.serialNumber.valueBlock.valueHexView), ours.serialNumber);
    t.same([theirs.notBefore.value, theirs.notAfter.value], [ours.notBefore, ours.notAfter]);
    t.same(Buffer.from(theirs.subjectPublicKeyInfo.toSchema().toBER()), ours.subjectPublicKeyInfo);
    t.same(
      theirs.extensions?.map(({ extnID, critical, extnValue }) => ({
        oid: extnID,
        critical,
        value: Buffer.from(extnValue.valueBlock.valueHexView),
      })),
      [...ours.extensions.values()],
    );
  }
  t.ok(new X509Certificate(leaf.bytes).checkIssued(new X509Certificate(issuer.bytes)));
  t.ok(new X509Certificate(leaf.bytes).verify(publicKeyOf(issuer)));
  t.same(
    [root, issuer, leaf].map(({ bytes }) => new X509Certificate(bytes).ca),
    [true, true, false],
  );
});

const subject = '/C=IR/O=Example+OU=Testing/CN=Prüfling, A/emailAddress=a@example.ir';
const subjectText = 'C=IR, O=Example+OU=Testing, CN=Prüfling\\, A, 1.2.840.113549.1.9.1=a@example.ir';
const foreign: [name: string, key: string[], sign?: string[]][] = [
  ['RSA PKCS#1', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1536']],
  [
    'RSA-PSS',
    ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1536'],
    ['-sha256', '-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:17'],
  ],
  ['P-384', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'], ['-sha384']],
  ['brainpoolP256r1', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:brainpoolP256r1']],
  ['Ed25519', ['-algorithm', 'ED25519']],
  ['Ed448', ['-algorithm', 'ED448']],
];
for (const [name, key, sign = []] of foreign) {
  t.test(`reads and verifies a certificate that openssl signs with ${name}`, async (t) => {
    const cwd = t.testdir({});
    runOpenssl(['genpkey', ...key, '-out', 'key.pem'], { cwd });
    const made = ['-new', '-key', 'key.pem', '-utf8', '-subj', subject, '-days', '30', '-set_serial', '0x80'];
    runOpenssl(['req', '-x509', ...made, ...sign, '-outform', 'DER', '-out', 'made.der'], { cwd });
    const certificate = parseCertificate(readFileSync(join(cwd, 'made.der')));
    t.ok(isSignedBy(certificate, publicKeyOf(certificate)));
    t.notOk(isSignedBy(certificate, publicKeyOf(leaf)), 'by another key');
    const tampered = parseCertificate(certificate.bytes);
    tampered.tbsCertificate[tampered.tbsCertificate.length - 1] ^= 1;
    t.notOk(isSignedBy(tampered, publicKeyOf(certificate)), 'over another TBS');
    t.equal(serialHex(certificate), '0080');
    t.equal(nameText(certificate.subject), subjectText);
    t.ok(certificate.extensions.get('2.5.29.19')?.critical);
    t.equal(certificate.version, 2);
    t.equal(certificate.notAfter.getTime() - certificate.notBefore.getTime(), 30 * 86_400_000);
    t.same(certificate.bytes, readFileSync(join(cwd, 'made.der')));
  });
}
