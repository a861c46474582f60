import { createHash } from 'node:crypto';

import t from 'tap';

import {
  CERTIFICATE_OCTETS_MAX,
  certificateFingerprint,
  isSignedBy,
  parseCertificate,
  publicKeyOf,
  serialHex,
} from '../../pki/certificate.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { encodeExtension } from '../../pki/extension.ts';
import { encodeName } from '../../pki/name.ts';
import { AT, CE } from '../../pki/oid.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import { encodeSigned, encodeTbsCertificate } from '../../pki/tbs-certificate.ts';
import { authorityTemplate, fixtureCertificate, physicianTemplate } from '../support/fixture-certificate.ts';
import { memorySigner } from '../support/memory-signer.ts';

const rootSigner = memorySigner();
const root = await fixtureCertificate(authorityTemplate('Fixture Root CA', rootSigner), {
  signer: rootSigner,
});
const leafSigner = memorySigner();
const template = physicianTemplate(leafSigner.subjectPublicKeyInfo);
const leaf = await fixtureCertificate(template, { certificate: root, signer: rootSigner });

const algorithm = signatureAlgorithmIdentifier('ecdsa-sha256');
const name = encodeName([{ type: AT.commonName, value: 'A' }]);
const validity = asn1.sequence(asn1.time(template.notBefore), asn1.time(template.notAfter));
const anExtension = encodeExtension({
  oid: CE.subjectKeyIdentifier,
  critical: false,
  value: asn1.octetString(Buffer.from([1])),
});

/** A complete certificate whose parts can be replaced by any octets; its signature is junk. */
const complete = {
  version: asn1.explicit(0, asn1.integer(2)),
  serialNumber: asn1.integer(5),
  innerAlgorithm: algorithm,
  issuer: name,
  validity,
  subject: name,
  subjectPublicKeyInfo: leafSigner.subjectPublicKeyInfo,
  uniqueIdentifiers: Buffer.alloc(0),
  extensions: asn1.explicit(3, asn1.sequence(anExtension)),
};
const outside = {
  outerAlgorithm: algorithm,
  signature: asn1.bitString(Buffer.from('junk')),
  trailer: Buffer.alloc(0),
};

function raw(parts: Partial<typeof complete & typeof outside>): Buffer {
  const { outerAlgorithm, signature, trailer, ...tbs } = { ...complete, ...outside, ...parts };
  return asn1.sequence(asn1.sequence(...Object.values(tbs)), outerAlgorithm, signature, trailer);
}

t.test('reads every field that was written', async (t) => {
  t.equal(leaf.version, 2);
  t.same(leaf.serialNumber, template.serialNumber);
  t.equal(serialHex(leaf), Buffer.from(template.serialNumber).toString('hex'));
  t.same(leaf.issuer.bytes, root.subject.bytes);
  t.same(leaf.subject.bytes, encodeName(template.subject));
  t.same([leaf.notBefore, leaf.notAfter], [template.notBefore, template.notAfter]);
  t.same(leaf.subjectPublicKeyInfo, leafSigner.subjectPublicKeyInfo);
  t.same(leaf.signatureAlgorithm, algorithm);
  t.same(encodeSigned(leaf.tbsCertificate, leaf.signatureAlgorithm, leaf.signature), leaf.bytes);
  for (const extension of template.extensions) t.same(leaf.extensions.get(extension.oid), extension);
});

t.test('writes the same TBS bytes from what it has read', async (t) => {
  const again = encodeTbsCertificate({
    ...leaf,
    issuer: leaf.issuer.bytes,
    subject: leaf.subject.bytes,
    extensions: [...leaf.extensions.values()],
  });
  t.same(again, leaf.tbsCertificate);
});

t.test('leaves the field of extensions out when there are none', async (t) => {
  const fields = { ...leaf, issuer: name, subject: name, extensions: [] };
  const read = parseCertificate(encodeSigned(encodeTbsCertificate(fields), algorithm, Buffer.from('junk')));
  t.equal(read.extensions.size, 0);
  t.ok(read.tbsCertificate.subarray(-leaf.subjectPublicKeyInfo.length).equals(leaf.subjectPublicKeyInfo));
});

t.test('knows who has signed it', async (t) => {
  t.ok(isSignedBy(leaf, publicKeyOf(root)));
  t.ok(isSignedBy(root, publicKeyOf(root)));
  t.notOk(isSignedBy(leaf, publicKeyOf(leaf)));
  t.notOk(isSignedBy(parseCertificate(raw({})), publicKeyOf(root)));
  const unknown = asn1.sequence(asn1.oid('1.2.840.113549.1.1.4'), asn1.NULL);
  const md5 = parseCertificate(raw({ innerAlgorithm: unknown, outerAlgorithm: unknown }));
  t.throws(() => isSignedBy(md5, publicKeyOf(root)), { code: 'algorithm-unsupported' });
});

t.test('imports its key once, and refuses one that is none', async (t) => {
  t.equal(publicKeyOf(leaf), publicKeyOf(leaf));
  const offCurve = Buffer.from(leafSigner.subjectPublicKeyInfo);
  offCurve[offCurve.length - 1] ^= 1;
  const certificate = parseCertificate(raw({ subjectPublicKeyInfo: offCurve }));
  t.throws(() => publicKeyOf(certificate), { code: 'key-malformed' });
});

t.test('stays as it was read when the input is overwritten', async (t) => {
  const input = Buffer.from(leaf.bytes);
  const read = parseCertificate(input);
  input.fill(0);
  t.same(read.bytes, leaf.bytes);
  t.same(read.subject.bytes, leaf.subject.bytes);
  t.same(certificateFingerprint(read), createHash('sha256').update(leaf.bytes).digest());
});

t.test('reads serial numbers that RFC 5280 forbids to write', async (t) => {
  for (const contents of ['00', 'ff', '80', 'ff7f', '0080', '7f', 'ab'.repeat(40), '00ff'.padEnd(400, '1')]) {
    const serialNumber = asn1.element(0x02, Buffer.from(contents, 'hex'));
    t.equal(serialHex(parseCertificate(raw({ serialNumber }))), contents);
  }
});

t.test('lets through what is wrong but common', async (t) => {
  const explicitFalse = asn1.sequence(
    asn1.oid(CE.keyUsage),
    asn1.boolean(false),
    asn1.octetString(Buffer.alloc(0)),
  );
  const read = parseCertificate(raw({ extensions: asn1.explicit(3, asn1.sequence(explicitFalse)) }));
  t.match(read.extensions.get(CE.keyUsage), { critical: false }, 'critical FALSE said aloud');
  const identifiers = Buffer.concat(
    [1, 2].map((tag) => asn1.implicit(tag, asn1.bitString(Buffer.from([1])))),
  );
  t.ok(parseCertificate(raw({ uniqueIdentifiers: identifiers })), 'unique identifiers');
  t.equal(
    parseCertificate(raw({ issuer: asn1.sequence(), subject: asn1.sequence() })).subject.rdns.length,
    0,
    'no names',
  );
  t.equal(
    parseCertificate(raw({ version: Buffer.alloc(0), extensions: Buffer.alloc(0) })).version,
    0,
    'version 1',
  );
});

t.test('refuses what is no certificate', async (t) => {
  const twice = asn1.explicit(3, asn1.sequence(anExtension, anExtension));
  const many = Array.from({ length: 101 }, (_, i) =>
    encodeExtension({ oid: `1.2.${i}`, critical: false, value: Buffer.alloc(0) }),
  );
  const extension = (...parts: Buffer[]) =>
    asn1.explicit(3, asn1.sequence(asn1.sequence(asn1.oid('1.2.3'), ...parts)));
  const other = signatureAlgorithmIdentifier('ecdsa-sha384');
  const cases: [string, Partial<typeof complete & typeof outside>, string][] = [
    ['version 4', { version: asn1.explicit(0, asn1.integer(3)) }, 'certificate-malformed'],
    ['version 0', { version: asn1.explicit(0, asn1.integer(-1)) }, 'certificate-malformed'],
    ['two versions', { version: asn1.explicit(0, asn1.integer(2), asn1.integer(2)) }, 'der-malformed'],
    ['version 1 with extensions', { version: Buffer.alloc(0) }, 'certificate-malformed'],
    ['version 2 with extensions', { version: asn1.explicit(0, asn1.integer(1)) }, 'certificate-malformed'],
    ['no serial number', { serialNumber: Buffer.alloc(0) }, 'der-malformed'],
    ['empty serial number', { serialNumber: asn1.element(0x02) }, 'der-malformed'],
    ['padded serial number', { serialNumber: asn1.element(0x02, Buffer.from([0, 1])) }, 'der-malformed'],
    ['two algorithms', { outerAlgorithm: other }, 'certificate-malformed'],
    ['empty RDN in a name', { subject: asn1.sequence(asn1.setOf()) }, 'name-malformed'],
    ['one time', { validity: asn1.sequence(asn1.time(template.notBefore)) }, 'der-malformed'],
    [
      'three times',
      { validity: asn1.sequence(...[1, 2, 3].map((day) => asn1.time(new Date(day)))) },
      'der-malformed',
    ],
    [
      'a time without seconds',
      { validity: asn1.sequence(asn1.element(0x17, Buffer.from('2601010000Z'))) },
      'der-malformed',
    ],
    ['extension twice', { extensions: twice }, 'der-malformed'],
    ['101 extensions', { extensions: asn1.explicit(3, asn1.sequence(...many)) }, 'der-malformed'],
    ['extension without value', { extensions: extension() }, 'der-malformed'],
    [
      'extension with more',
      { extensions: extension(asn1.octetString(Buffer.alloc(0)), asn1.NULL) },
      'der-malformed',
    ],
    [
      'critical 01',
      { extensions: extension(Buffer.from([1, 1, 1]), asn1.octetString(Buffer.alloc(0))) },
      'der-malformed',
    ],
    [
      'two lists of extensions',
      { extensions: asn1.explicit(3, asn1.sequence(), asn1.sequence()) },
      'der-malformed',
    ],
    ['octets after the TBS fields', { uniqueIdentifiers: asn1.NULL }, 'der-malformed'],
    ['signature of 7 bits', { signature: asn1.bitString(Buffer.from([2]), 1) }, 'der-malformed'],
    ['signature without contents', { signature: asn1.element(0x03) }, 'der-malformed'],
    ['octets after the signature', { trailer: asn1.NULL }, 'der-malformed'],
  ];
  t.ok(parseCertificate(raw({})), 'the complete one is read');
  t.equal(
    parseCertificate(raw({ extensions: asn1.explicit(3, asn1.sequence(...many.slice(1))) })).extensions.size,
    100,
  );
  for (const [label, parts, code] of cases)
    t.throws(() => parseCertificate(raw(parts)), { name: 'PkiError', code }, label);
  for (const junk of [
    Buffer.alloc(0),
    asn1.sequence(),
    Buffer.concat([leaf.bytes, Buffer.from([0])]),
    Buffer.from('PEM'),
  ]) {
    t.throws(() => parseCertificate(junk), { code: 'der-malformed' });
  }
});

t.test('refuses BER', async (t) => {
  const { bytes } = leaf;
  const indefinite = Buffer.concat([Buffer.from([0x30, 0x80]), bytes.subarray(4), Buffer.from([0, 0])]);
  const longLength = Buffer.concat([Buffer.from([0x30, 0x83, 0]), bytes.subarray(2)]);
  for (const ber of [indefinite, longLength])
    t.throws(() => parseCertificate(ber), { code: 'der-malformed' });
});

t.test('reads 65,536 octets and not one more', async (t) => {
  const sized = (octets: number) => {
    const filler = encodeExtension({ oid: '1.2.3', critical: false, value: Buffer.alloc(octets) });
    return raw({ extensions: asn1.explicit(3, asn1.sequence(filler)) });
  };
  const spare = CERTIFICATE_OCTETS_MAX - sized(60_000).length;
  const largest = sized(60_000 + spare);
  t.equal(largest.length, CERTIFICATE_OCTETS_MAX);
  t.ok(parseCertificate(largest));
  t.throws(() => parseCertificate(sized(60_001 + spare)), { code: 'certificate-malformed' });
});

const refusals: ReadonlySet<string> = new Set(['der-malformed', 'certificate-malformed']);

t.test('a certificate that is cut off anywhere is refused, with one of two codes', async (t) => {
  const { bytes, tbsCertificate } = leaf;
  for (let length = 0; length < bytes.length; length += 1) {
    t.ok(refusals.has(outcomeOf(bytes.subarray(0, length))), `${length} octets`);
  }
  // Cut off inside, with lengths that agree; without the extensions at its end it is still a certificate.
  const fields = tbsCertificate.subarray(4);
  const wholeWithoutExtensions =
    fields.lastIndexOf(leaf.subjectPublicKeyInfo) + leaf.subjectPublicKeyInfo.length;
  for (let length = 0; length < fields.length; length += 1) {
    const outcome = outcomeOf(
      encodeSigned(asn1.sequence(fields.subarray(0, length)), algorithm, leaf.signature),
    );
    t.ok(
      length === wholeWithoutExtensions ? outcome === 'read' : refusals.has(outcome),
      `${length} octets of the TBS`,
    );
  }
});

t.test('a certificate with any octet changed is read or refused, never anything else', async (t) => {
  const outcomes = new Set<string>();
  for (let at = 0; at < leaf.bytes.length; at += 1) {
    for (const change of [0x01, 0x20, 0x80, 0xff]) {
      const bytes = Buffer.from(leaf.bytes);
      bytes[at] ^= change;
      outcomes.add(outcomeOf(bytes));
    }
  }
  outcomes.delete('name-malformed');
  t.same([...outcomes].sort(), ['certificate-malformed', 'der-malformed', 'read']);
});

/** `read`, or the code of the refusal; what is no refusal is thrown on. */
function outcomeOf(bytes: Uint8Array): string {
  try {
    parseCertificate(bytes);
    return 'read';
  } catch (error) {
    if (error instanceof PkiError) return error.code;
    throw error;
  }
}
