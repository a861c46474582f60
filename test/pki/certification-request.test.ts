import 'reflect-metadata';

import { createHash, generateKeyPairSync } from 'node:crypto';

import { Pkcs10CertificateRequest } from '@peculiar/x509';
import { fromBER } from 'asn1js';
import * as pkijs from 'pkijs';
import t from 'tap';

import { makeCertificationRequest } from '../../keys/make-certification-request.ts';
import {
  CERTIFICATION_REQUEST_OCTETS_MAX,
  parseCertificationRequest,
  verifyCertificationRequest,
} from '../../pki/certification-request.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { attributeOf, encodeName } from '../../pki/name.ts';
import type { NameTemplate } from '../../pki/name.ts';
import { ALG, AT } from '../../pki/oid.ts';
import { encodePem } from '../../pki/pem.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';
import { encodeSigned } from '../../pki/tbs-certificate.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { runOpenssl } from '../support/run-openssl.ts';

const subject: NameTemplate = [
  { type: AT.countryName, value: 'IR' },
  { type: AT.givenName, value: 'مینا' },
  { type: AT.commonName, value: 'Mina Rezaei' },
];
const signer = memorySigner();
const request = await makeCertificationRequest(signer, subject);

const malformed = { name: 'PkiError', code: 'certification-request-malformed' };
const badSignature = { name: 'PkiError', code: 'certification-request-signature' };
const ecdsa = signatureAlgorithmIdentifier('ecdsa-sha256');

/** A request with parts replaced, signed by the key that it carries unless that is replaced too. */
async function signedRequest(
  parts: {
    version?: Buffer;
    subject?: Buffer;
    spki?: Buffer;
    attributes?: Buffer;
    algorithm?: Buffer;
    by?: typeof signer;
  } = {},
): Promise<Buffer> {
  const info = asn1.sequence(
    parts.version ?? asn1.integer(0),
    parts.subject ?? encodeName(subject),
    parts.spki ?? signer.subjectPublicKeyInfo,
    parts.attributes ?? asn1.explicit(0),
  );
  return encodeSigned(info, parts.algorithm ?? ecdsa, await (parts.by ?? signer).sign(info));
}

t.test('reads what it writes', async (t) => {
  const read = parseCertificationRequest(request);
  t.same(await verifyCertificationRequest(request), read);
  t.same(read.bytes, request);
  t.same(read.subject.bytes, encodeName(subject));
  t.same(read.subjectPublicKeyInfo, signer.subjectPublicKeyInfo);
  t.same(read.fingerprint, createHash('sha256').update(request).digest());
});

const rsa = generateKeyPairSync('rsa', { modulusLength: 1536 }).privateKey;
const ours: [SignatureAlgorithmName, typeof rsa][] = [
  ['rsa-sha256', rsa],
  ['rsa-pss-sha256', rsa],
  ['ecdsa-sha256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
  ['ecdsa-sha384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
  ['ed25519', generateKeyPairSync('ed25519').privateKey],
];
for (const [algorithm, key] of ours) {
  t.test(`openssl, pkijs and @peculiar/x509 read our request signed with ${algorithm}`, async (t) => {
    const made = await makeCertificationRequest(memorySigner(key, algorithm), subject);
    const cwd = t.testdir({ 'request.der': made });
    const line = [
      'req',
      '-verify',
      '-inform',
      'DER',
      '-in',
      'request.der',
      '-noout',
      '-subject',
      '-nameopt',
      'utf8',
    ];
    t.match(runOpenssl(line, { cwd }).toString(), 'subject=C=IR, GN=مینا, CN=Mina Rezaei');
    const read = parseCertificationRequest(made);
    const peculiar = new Pkcs10CertificateRequest(made);
    t.same(Buffer.from(peculiar.publicKey.rawData), read.subjectPublicKeyInfo);
    t.same(peculiar.attributes, []);
    const theirs = new pkijs.CertificationRequest({ schema: fromBER(made).result });
    t.same(Buffer.from(theirs.subjectPublicKeyInfo.toSchema().toBER()), read.subjectPublicKeyInfo);
  });
}

const genpkey: [name: string, key: string[], sign?: string[]][] = [
  ['RSA', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1536']],
  [
    'RSA-PSS',
    ['-algorithm', 'RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:1536'],
    ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:digest'],
  ],
  ['P-256', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256']],
  ['brainpoolP384r1', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:brainpoolP384r1'], ['-sha384']],
  ['Ed25519', ['-algorithm', 'ED25519']],
];
const config = [
  '[req]\nprompt=no\nutf8=yes\ndistinguished_name=dn\nattributes=attributes\nreq_extensions=extensions',
  '[dn]\nC=IR\nGN=مینا\nCN=Mina Rezaei',
  '[attributes]\nchallengePassword=not a secret\nunstructuredName=a device',
  '[extensions]\nbasicConstraints=critical,CA:TRUE\nsubjectAltName=DNS:attacker.example\n',
].join('\n');
for (const [name, key, sign = []] of genpkey) {
  t.test(`reads what openssl asks for with a key of ${name}, attributes and all`, async (t) => {
    const cwd = t.testdir({ 'request.cnf': config });
    runOpenssl(['genpkey', ...key, '-out', 'key.pem'], { cwd });
    const line = ['req', '-new', '-key', 'key.pem', '-config', 'request.cnf', ...sign];
    const spki = runOpenssl(['pkey', '-in', 'key.pem', '-pubout', '-outform', 'DER'], { cwd });
    const der = parseCertificationRequest(runOpenssl([...line, '-outform', 'DER'], { cwd }));
    t.equal(attributeOf(der.subject, AT.givenName), 'مینا');
    t.same(der.subjectPublicKeyInfo, spki);
    t.same(
      Object.keys(der).sort(),
      ['bytes', 'fingerprint', 'subject', 'subjectPublicKeyInfo'],
      'and takes no more',
    );
    const text = runOpenssl([...line, '-text'], { cwd }).toString();
    t.match(text, /attacker\.example[^]*-----BEGIN CERTIFICATE REQUEST-----/);
    t.same(parseCertificationRequest(text).subjectPublicKeyInfo, spki, 'PEM with text before it');
    const old = runOpenssl([...line, '-newhdr'], { cwd })
      .toString()
      .replaceAll('\n', '\r\n');
    t.match(old, '-----BEGIN NEW CERTIFICATE REQUEST-----\r\n');
    t.same(
      parseCertificationRequest(`${old}\r\nregards`).subjectPublicKeyInfo,
      spki,
      'PEM with the old label',
    );
  });
}

t.test('reads requests whose attributes some devices leave out', async (t) => {
  t.ok(parseCertificationRequest(await signedRequest({ attributes: Buffer.alloc(0) })));
  t.ok(
    parseCertificationRequest(await signedRequest({ subject: asn1.sequence() })),
    'and requests without a name',
  );
});

t.test('refuses a request that its own key has not signed', async (t) => {
  const flipped = Buffer.from(request);
  flipped[flipped.length - 1] ^= 1;
  const renamed = Buffer.from(request);
  renamed[renamed.indexOf('Mina')] ^= 1;
  const cases: [string, Buffer][] = [
    ['a signature octet changed', flipped],
    ['a subject octet changed', renamed],
    ['signed by another key', await signedRequest({ by: memorySigner() })],
    ["another's key in it", await signedRequest({ spki: memorySigner().subjectPublicKeyInfo })],
    ['a key of another type', await signedRequest({ spki: memorySigner(rsa).subjectPublicKeyInfo })],
    [
      'another algorithm named',
      await signedRequest({ algorithm: signatureAlgorithmIdentifier('ecdsa-sha384') }),
    ],
  ];
  for (const [name, bytes] of cases) {
    t.throws(() => parseCertificationRequest(bytes), badSignature, name);
    await t.rejects(verifyCertificationRequest(bytes), badSignature, name);
  }
});

t.test('refuses the point at infinity as a key: anybody can sign for it', async (t) => {
  const identifier = asn1.sequence(asn1.oid(ALG.ecPublicKey), asn1.oid(ALG.prime256v1));
  const spki = asn1.sequence(identifier, asn1.bitString(Buffer.from([0])));
  const info = asn1.sequence(asn1.integer(0), encodeName(subject), spki, asn1.explicit(0));
  // With Q at infinity ECDSA accepts r = x(u·G), s = hash / u for any u; here u is 1.
  const generatorX = Buffer.from('6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296', 'hex');
  const forged = asn1.sequence(
    asn1.integer(generatorX),
    asn1.integer(createHash('sha256').update(info).digest()),
  );
  t.throws(() => parseCertificationRequest(encodeSigned(info, ecdsa, forged)), malformed);
  await t.rejects(verifyCertificationRequest(encodeSigned(info, ecdsa, forged)), malformed);
});

t.test('refuses SHA-1, however it is said', async (t) => {
  const cases = [
    asn1.sequence(asn1.oid(ALG.sha1WithRsa), asn1.NULL),
    asn1.sequence(asn1.oid(ALG.ecdsaWithSha1)),
    asn1.sequence(asn1.oid(ALG.rsassaPss), asn1.sequence()),
  ];
  for (const algorithm of cases) {
    const bytes = await signedRequest({ algorithm });
    t.throws(() => parseCertificationRequest(bytes), { ...badSignature, detail: /SHA-1/ });
  }
  const cwd = t.testdir({});
  runOpenssl(['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', 'key.pem'], {
    cwd,
  });
  const theirs = runOpenssl(
    ['req', '-new', '-key', 'key.pem', '-subj', '/CN=a', '-sha1', '-outform', 'DER'],
    { cwd },
  );
  t.throws(() => parseCertificationRequest(theirs), { ...badSignature, detail: /SHA-1/ });
});

t.test('refuses what is no request', async (t) => {
  const offCurve = Buffer.from(signer.subjectPublicKeyInfo);
  offCurve[offCurve.length - 1] ^= 1;
  const md5 = asn1.sequence(asn1.oid('1.2.840.113549.1.1.4'), asn1.NULL);
  const info = asn1.sequence(
    asn1.integer(0),
    encodeName(subject),
    signer.subjectPublicKeyInfo,
    asn1.explicit(0),
  );
  const cases: [string, Buffer | string][] = [
    ['nothing', Buffer.alloc(0)],
    ['no PEM', ''],
    ['octets after it', Buffer.concat([request, Buffer.from([0])])],
    [
      'indefinite length',
      Buffer.concat([Buffer.from([0x30, 0x80]), request.subarray(3), Buffer.from([0, 0])]),
    ],
    ['version 2', await signedRequest({ version: asn1.integer(1) })],
    ['no version', await signedRequest({ version: Buffer.alloc(0) })],
    [
      'a field after the attributes',
      await signedRequest({ attributes: Buffer.concat([asn1.explicit(0), asn1.NULL]) }),
    ],
    ['a key that is none', await signedRequest({ spki: asn1.sequence() })],
    ['a point off its curve', await signedRequest({ spki: offCurve })],
    ['a name that is none', await signedRequest({ subject: asn1.sequence(asn1.setOf()) })],
    ['MD5', await signedRequest({ algorithm: md5 })],
    ['a signature of 7 bits', asn1.sequence(info, ecdsa, asn1.bitString(Buffer.from([2]), 1))],
    ['a certificate in PEM', encodePem('CERTIFICATE', request)],
    ['two requests', encodePem('CERTIFICATE REQUEST', request).repeat(2)],
    ['DER as text', request.toString('latin1')],
  ];
  for (const [name, input] of cases) {
    t.throws(() => parseCertificationRequest(input), malformed, name);
    await t.rejects(verifyCertificationRequest(input), malformed, name);
  }
});

t.test('reads 16,384 octets and not one more', async (t) => {
  const padded = (octets: number) =>
    signedRequest({ attributes: asn1.explicit(0, asn1.octetString(Buffer.alloc(octets))) });
  // The signature has 70 to 72 octets, so the size is found by trying.
  let largest = await padded(16_000);
  for (let tries = 0; largest.length !== CERTIFICATION_REQUEST_OCTETS_MAX && tries < 200; tries += 1) {
    largest = await padded(16_000 + CERTIFICATION_REQUEST_OCTETS_MAX - (await padded(16_000)).length);
  }
  t.equal(largest.length, CERTIFICATION_REQUEST_OCTETS_MAX);
  t.ok(parseCertificationRequest(largest));
  t.ok(parseCertificationRequest(encodePem('CERTIFICATE REQUEST', largest)));
  const larger = Buffer.concat([largest, Buffer.from([0])]);
  const refused = { ...malformed, detail: '16385 octets, at most 16384' };
  t.throws(() => parseCertificationRequest(larger), refused);
  t.throws(() => parseCertificationRequest(encodePem('CERTIFICATE REQUEST', larger)), refused);
  const pem = encodePem('CERTIFICATE REQUEST', request);
  t.ok(parseCertificationRequest(pem.padStart(49_152)));
  t.throws(() => parseCertificationRequest(pem.padStart(49_153)), malformed);
});

t.test('a request that is cut off or changed anywhere is refused', async (t) => {
  for (let length = 0; length < request.length; length += 1) {
    t.throws(() => parseCertificationRequest(request.subarray(0, length)), malformed);
  }
  for (let at = 0; at < request.length; at += 1) {
    const changed = Buffer.from(request);
    changed[at] ^= 0x81;
    t.throws(() => parseCertificationRequest(changed), { name: 'PkiError', code: /^certification-request-/ });
  }
});
