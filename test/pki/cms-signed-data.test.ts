import t from 'tap';

import { encodeCertificatesOnly } from '../../pki/cms/encode-certificates-only.ts';
import { SIGNED_DATA_OCTETS_MAX, parseSignedData } from '../../pki/cms/signed-data.ts';
import type { SignedData } from '../../pki/cms/signed-data.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { TAG, context, contextPrimitive } from '../../pki/der/tag.ts';
import { digestIdentifier } from '../../pki/digest-algorithm.ts';
import { ALG, CMS, PKIX } from '../../pki/oid.ts';
import { encodePem } from '../../pki/pem.ts';
import { FixtureDeployment } from '../support/fixture-deployment.ts';
import { opensslSign, signerFiles } from '../support/openssl-signatures.ts';

const deployment = await FixtureDeployment.create();
const doctor = await deployment.issue();
const content = Buffer.alloc(9_000, 'Rp. Amoxicillin 500 mg\r\n');
const files = signerFiles(doctor, deployment.bronze, content);

t.test('reads what openssl signs', async (t) => {
  const cwd = t.testdir(files);
  const cases: {
    name: string;
    options: string[];
    enveloping?: boolean;
    sid?: string;
    attributes?: boolean;
  }[] = [
    { name: 'enveloping', options: ['-nodetach'] },
    { name: 'detached', options: [], enveloping: false },
    { name: 'streamed in BER', options: ['-nodetach', '-stream'] },
    { name: 'without signed attributes', options: ['-nodetach', '-noattr'], attributes: false },
    { name: 'with a key identifier', options: ['-nodetach', '-keyid'], sid: 'subject-key-identifier' },
    { name: 'as CAdES', options: ['-nodetach', '-cades'] },
  ];
  for (const { name, options, enveloping = true, sid = 'issuer-and-serial', attributes = true } of cases) {
    const signedData = parseSignedData(opensslSign(cwd, options));
    t.equal(signedData.content?.equals(content), enveloping || undefined, `${name}: content`);
    t.equal(signedData.signerInfos[0].sid.kind, sid, `${name}: identifier`);
    t.equal(signedData.signerInfos[0].signedAttributes !== undefined, attributes, `${name}: attributes`);
    t.equal(signedData.certificates.length, 2, `${name}: certificates`);
  }
});

t.test('reads a stream as indefinite lengths with segments', async (t) => {
  const cwd = t.testdir(files);
  const signature = opensslSign(cwd, ['-nodetach', '-stream']);
  t.equal(signature.readUInt16BE(0), 0x3080, 'the outermost length is indefinite');
  t.ok(parseSignedData(signature).content?.equals(content));
});

t.test('reads PEM with either label', async (t) => {
  const cwd = t.testdir(files);
  const pem = opensslSign(cwd, ['-nodetach'], 'PEM');
  t.equal(parseSignedData(pem).signerInfos.length, 1);
  t.equal(parseSignedData(Buffer.from(pem.toString().replaceAll(' CMS-', ' PKCS7-'))).signerInfos.length, 1);
  t.throws(() => parseSignedData(Buffer.from('-----BEGIN CMS-----\n')), { code: 'cms-malformed' });
});

t.test('reads several signers', async (t) => {
  const colleague = signerFiles(await deployment.issue(), deployment.bronze, content);
  const cwd = t.testdir({
    ...files,
    'key-2.pem': colleague['key.pem'],
    'certificate-2.pem': colleague['certificate.pem'],
  });
  const second = ['-signer', 'certificate-2.pem', '-inkey', 'key-2.pem'];
  const signedData = parseSignedData(opensslSign(cwd, ['-nodetach', ...second]));
  t.equal(signedData.signerInfos.length, 2);
  t.equal(signedData.certificates.length, 3);
  t.same(signedData.digestAlgorithms, [ALG.sha256]);
});

t.test('keeps embedded revocation data apart by its kind', async (t) => {
  const cwd = t.testdir(files);
  const ocsp = asn1.sequence(asn1.enumerated(0));
  const other = (format: string) => asn1.implicit(1, asn1.sequence(asn1.oid(format), ocsp));
  const crl = asn1.sequence(asn1.sequence());
  const revocation = asn1.implicit(
    1,
    asn1.element(
      TAG.set,
      crl,
      other(PKIX.otherRevocationInfoOcsp),
      other(PKIX.basicOcspResponse),
      other('2.999.1'),
    ),
  );
  const signedData = parseSignedData(withPart(opensslSign(cwd), revocation));
  const kinds = ['crl', 'ocsp-response', 'basic-ocsp-response', 'other'];
  t.same(
    signedData.revocation.map(({ kind }) => kind),
    kinds,
  );
  t.ok(signedData.revocation[1].bytes.equals(ocsp), 'the OCSPResponse as it stood');
});

t.test('passes over members of the certificate set that are no readable certificates', async (t) => {
  const attributeCertificate = asn1.implicit(2, asn1.sequence(asn1.integer(1)));
  const broken = asn1.sequence(asn1.integer(1));
  const bytes = encodeCertificatesOnly([broken, doctor.certificate.bytes, attributeCertificate]);
  const signedData = parseSignedData(bytes);
  t.equal(signedData.certificates.length, 1);
  t.equal(signedData.unreadCertificates.length, 2);
});

t.test('takes zeros after the end for padding, and nothing else', async (t) => {
  const bytes = encodeCertificatesOnly([]);
  t.equal(parseSignedData(Buffer.concat([bytes, Buffer.alloc(20)])).signerInfos.length, 0);
  t.throws(() => parseSignedData(Buffer.concat([bytes, Buffer.from([0, 1])])), { code: 'cms-malformed' });
});

t.test('refuses what is not a SignedData', async (t) => {
  const data = asn1.sequence(asn1.oid(CMS.data), asn1.explicit(0, asn1.octetString(content)));
  const bad = [
    Buffer.alloc(0),
    Buffer.from('hello'),
    data,
    Buffer.from(encodePem('CMS', data)),
    doctor.certificate.bytes,
  ];
  for (const bytes of bad) t.throws(() => parseSignedData(bytes), { code: 'cms-malformed' });
});

t.test('refuses more than its bounds', async (t) => {
  const many = Array.from({ length: 65 }, () => doctor.certificate.bytes);
  t.throws(() => parseSignedData(encodeCertificatesOnly(many)), {
    message: 'cms-malformed: more than 64 certificates',
  });
  t.equal(parseSignedData(encodeCertificatesOnly(many.slice(1))).certificates.length, 64);
  t.throws(() => parseSignedData(Buffer.alloc(SIGNED_DATA_OCTETS_MAX + 1)), { code: 'cms-malformed' });
  const signer = signerInfoOf(encodedSigner());
  t.throws(() => parseSignedData(signedDataWith(Array(17).fill(signer))), {
    message: 'cms-malformed: more than 16 signers',
  });
  t.equal(parseSignedData(signedDataWith(Array(16).fill(signer))).signerInfos.length, 16);
});

t.test('lets through empty unsigned attributes and unsorted sets', async (t) => {
  const unsigned = asn1.element(context(1));
  const signedData = parseSignedData(signedDataWith([signerInfoOf(encodedSigner(), unsigned)]));
  t.same(signedData.signerInfos[0].unsignedAttributes, []);
  const types = signedData.signerInfos[0].signedAttributes?.list.map(({ type }) => type);
  t.same(types, [CMS.messageDigest, CMS.contentType], 'in the order of the signer');
});

t.test('reads an algorithm without parameters and one with NULL alike', async (t) => {
  const withNull = asn1.sequence(asn1.oid(ALG.sha256), asn1.NULL);
  for (const digestAlgorithm of [digestIdentifier('sha256'), withNull]) {
    const parsed = parseSignedData(signedDataWith([signerInfoOf(encodedSigner({ digestAlgorithm }))]));
    t.equal(parsed.signerInfos[0].digestAlgorithm.oid, ALG.sha256);
  }
});

t.test('joins an octet string whose segments are nested', async (t) => {
  const inner = asn1.element(0x24, asn1.octetString(Buffer.from('b')), asn1.octetString(Buffer.from('c')));
  const eContent = indefinite(
    0x24,
    asn1.octetString(Buffer.from('a')),
    inner,
    asn1.octetString(Buffer.alloc(0)),
  );
  t.equal(parseContent(eContent).content?.toString(), 'abc');
  t.throws(() => parseContent(asn1.element(0x24, asn1.utf8String('x'))), { code: 'cms-malformed' });
});

t.test('refuses depth bombs at once', async (t) => {
  const bombs = [0x30, 0x24, 0xa0].map((tag) => Buffer.alloc(2_000_000, Buffer.from([tag, 0x80])));
  const inContent = bombs.map((bomb) =>
    Buffer.concat([Buffer.from('3080', 'hex'), asn1.oid(CMS.signedData), bomb]),
  );
  let nested: Buffer = asn1.octetString(Buffer.alloc(0));
  for (let depth = 0; depth < 70; depth += 1) nested = asn1.element(0x24, nested);
  const started = process.cpuUsage();
  for (const bytes of [...bombs, ...inContent])
    t.throws(() => parseSignedData(bytes), { code: 'cms-malformed' });
  t.throws(() => parseContent(nested), { code: 'cms-malformed' });
  t.ok(process.cpuUsage(started).user < 2_000_000, 'less than two seconds');
});

t.test('refuses a content that is cut into countless segments', async (t) => {
  const eContent = indefinite(0x24, Buffer.alloc(2_000_000, Buffer.from([0x04, 0x00])));
  t.throws(() => parseContent(eContent), { code: 'cms-malformed' });
});

function parseContent(eContent: Uint8Array): SignedData {
  const encap = asn1.sequence(asn1.oid(CMS.data), asn1.explicit(0, eContent));
  const signedData = asn1.sequence(asn1.integer(1), asn1.setOf(), encap, asn1.setOf());
  return parseSignedData(asn1.sequence(asn1.oid(CMS.signedData), asn1.explicit(0, signedData)));
}

function indefinite(tag: number, ...contents: Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.from([tag, 0x80]), ...contents, Buffer.from([0, 0])]);
}

/** Fields of a SignerInfo without unsigned attributes; its signature is nonsense. */
function encodedSigner({ digestAlgorithm = digestIdentifier('sha256') } = {}): Buffer[] {
  const attribute = (type: string, value: Buffer) => asn1.sequence(asn1.oid(type), asn1.setOf(value));
  const signedAttributes = asn1.element(
    context(0),
    attribute(CMS.messageDigest, asn1.octetString(Buffer.alloc(32))),
    attribute(CMS.contentType, asn1.oid(CMS.data)),
  );
  const sid = asn1.element(contextPrimitive(0), Buffer.from('key id'));
  const signatureAlgorithm = digestIdentifier('sha256');
  return [
    asn1.integer(3),
    sid,
    digestAlgorithm,
    signedAttributes,
    signatureAlgorithm,
    asn1.octetString(Buffer.alloc(64)),
  ];
}

function signerInfoOf(fields: readonly Buffer[], ...more: Buffer[]): Buffer {
  return asn1.sequence(...fields, ...more);
}

function signedDataWith(signerInfos: readonly Buffer[]): Buffer {
  const encap = asn1.sequence(asn1.oid(CMS.data));
  const signedData = asn1.sequence(
    asn1.integer(3),
    asn1.setOf(),
    encap,
    asn1.element(TAG.set, ...signerInfos),
  );
  return asn1.sequence(asn1.oid(CMS.signedData), asn1.explicit(0, signedData));
}

/** Puts one more element before the signers of a DER SignedData. */
function withPart(bytes: Buffer, part: Buffer): Buffer {
  const { content, certificates } = parseSignedData(bytes);
  const encap = asn1.sequence(
    asn1.oid(CMS.data),
    asn1.explicit(0, asn1.octetString(content ?? Buffer.alloc(0))),
  );
  const set = asn1.implicit(0, asn1.setOf(...certificates.map((certificate) => certificate.bytes)));
  const signers = asn1.element(TAG.set, signerInfoOf(encodedSigner()));
  const signedData = asn1.sequence(asn1.integer(5), asn1.setOf(), encap, set, part, signers);
  return asn1.sequence(asn1.oid(CMS.signedData), asn1.explicit(0, signedData));
}
