import { createPublicKey, sign } from 'node:crypto';

import t from 'tap';

import { encodeAttribute, parseAttributes } from '../../pki/cms/attribute.ts';
import type { SignerInfo } from '../../pki/cms/signer-info.ts';
import { signerAlgorithms, verifySignerInfo } from '../../pki/cms/verify-signer-info.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { TAG } from '../../pki/der/tag.ts';
import { digest, digestIdentifier } from '../../pki/digest-algorithm.ts';
import { ALG, CMS } from '../../pki/oid.ts';
import { memorySigner } from '../support/memory-signer.ts';

const { privateKey } = memorySigner();
const publicKey = createPublicKey(privateKey);
const content = Buffer.from('Rp. Ibuprofen 400 mg');
const signed = { contentType: CMS.data, content };

const sha256 = { oid: ALG.sha256, bytes: digestIdentifier('sha256') };
const ecdsa = { oid: ALG.ecdsaWithSha256, bytes: asn1.sequence(asn1.oid(ALG.ecdsaWithSha256)) };

const contentType = encodeAttribute(CMS.contentType, asn1.oid(CMS.data));
const messageDigest = encodeAttribute(CMS.messageDigest, asn1.octetString(digest('sha256', content)));

t.test('accepts a signature over the attributes', async (t) => {
  t.same(verifySignerInfo(signerOver([contentType, messageDigest]), signed, publicKey), { outcome: 'valid' });
});

t.test('tells a changed content from a changed signature', async (t) => {
  const signer = signerOver([contentType, messageDigest]);
  const changed = { ...signed, content: Buffer.from('Rp. Ibuprofen 800 mg') };
  t.equal(verifySignerInfo(signer, changed, publicKey).outcome, 'content-digest-differs');
  const wrong = { ...signer, signature: flipped(signer.signature, signer.signature.length - 1) };
  t.equal(verifySignerInfo(wrong, signed, publicKey).outcome, 'signature-wrong');
  t.equal(
    verifySignerInfo({ ...signer, signature: Buffer.alloc(0) }, signed, publicKey).outcome,
    'signature-wrong',
  );
  t.equal(
    verifySignerInfo(signer, signed, createPublicKey(memorySigner().privateKey)).outcome,
    'signature-wrong',
  );
});

t.test('takes attributes out of order, signed as they were sent or in their normal form', async (t) => {
  const sent = [messageDigest, contentType];
  t.not(
    Buffer.compare(Buffer.concat(sent), Buffer.concat(sent.toSorted(Buffer.compare))),
    0,
    'they are out of order',
  );
  const asSent = signerOver(sent, asn1.element(TAG.set, ...sent));
  t.equal(verifySignerInfo(asSent, signed, publicKey).outcome, 'valid', 'as sent');
  t.equal(
    verifySignerInfo(signerOver(sent, asn1.setOf(...sent)), signed, publicKey).outcome,
    'valid',
    'sorted',
  );
});

t.test('takes attributes in BER whose DER encoding is signed', async (t) => {
  const segments = [0, 16].map((at) => asn1.octetString(digest('sha256', content).subarray(at, at + 16)));
  const value = Buffer.concat([Buffer.from('2480', 'hex'), ...segments, Buffer.from('0000', 'hex')]);
  const longForm = Buffer.concat([
    Buffer.from([0x30, 0x82]),
    lengthOf(asn1.oid(CMS.messageDigest), asn1.element(TAG.set, value)),
  ]);
  const signer = signerOver([contentType, longForm], asn1.setOf(contentType, messageDigest));
  t.equal(verifySignerInfo(signer, signed, publicKey).outcome, 'valid');
});

t.test('does not re-encode a set of attributes that is larger than any signer makes', async (t) => {
  const filler = encodeAttribute('2.999.1', asn1.octetString(Buffer.alloc(70_000)));
  const sent = [filler, messageDigest, contentType];
  t.equal(
    verifySignerInfo(signerOver(sent, asn1.setOf(...sent)), signed, publicKey).outcome,
    'signature-wrong',
  );
  t.equal(
    verifySignerInfo(signerOver(sent, asn1.element(TAG.set, ...sent)), signed, publicKey).outcome,
    'valid',
  );
});

t.test('refuses attributes that RFC 5652 does not allow', async (t) => {
  const twoDigests = encodeAttribute(
    CMS.messageDigest,
    asn1.octetString(digest('sha256', content)),
    asn1.octetString(content),
  );
  const otherType = encodeAttribute(CMS.contentType, asn1.oid(CMS.tstInfo));
  const cases = {
    'no content type': [messageDigest],
    'no message digest': [contentType],
    'content type twice': [contentType, contentType, messageDigest],
    'two digests in one attribute': [contentType, twoDigests],
    'another content type': [otherType, messageDigest],
    'a digest that is no octet string': [
      contentType,
      encodeAttribute(CMS.messageDigest, asn1.utf8String('x')),
    ],
  };
  for (const [name, attributes] of Object.entries(cases)) {
    t.equal(
      verifySignerInfo(signerOver(attributes), signed, publicKey).outcome,
      'attributes-malformed',
      name,
    );
  }
});

t.test('checks the algorithms that the signer protected', async (t) => {
  const protection = (digestAlgorithm: Buffer, signatureAlgorithm: Buffer) =>
    encodeAttribute(
      CMS.cmsAlgorithmProtection,
      asn1.sequence(digestAlgorithm, asn1.implicit(1, signatureAlgorithm)),
    );
  const outcomeWith = (attribute: Buffer) =>
    verifySignerInfo(signerOver([contentType, messageDigest, attribute]), signed, publicKey).outcome;
  t.equal(outcomeWith(protection(sha256.bytes, ecdsa.bytes)), 'valid');
  const withNull = asn1.sequence(asn1.oid(ALG.sha256), asn1.NULL);
  t.equal(outcomeWith(protection(withNull, ecdsa.bytes)), 'valid', 'NULL parameters are absent ones');
  t.equal(outcomeWith(protection(digestIdentifier('sha512'), ecdsa.bytes)), 'algorithm-protection-differs');
  const sha1 = asn1.sequence(asn1.oid(ALG.ecdsaWithSha1));
  t.equal(outcomeWith(protection(sha256.bytes, sha1)), 'algorithm-protection-differs');
  const mac = asn1.sequence(sha256.bytes, asn1.implicit(2, ecdsa.bytes));
  t.equal(outcomeWith(encodeAttribute(CMS.cmsAlgorithmProtection, mac)), 'algorithm-protection-differs');
});

t.test('accepts a signature without attributes over plain data only', async (t) => {
  const bare = bareSigner(content);
  t.equal(verifySignerInfo(bare, signed, publicKey).outcome, 'valid');
  const changed = { ...signed, content: Buffer.from('other') };
  t.equal(verifySignerInfo(bare, changed, publicKey).outcome, 'signature-wrong');
  t.equal(
    verifySignerInfo(bare, { ...signed, contentType: CMS.tstInfo }, publicKey).outcome,
    'attributes-malformed',
  );
});

t.test('refuses signed attributes that are passed off as the content', async (t) => {
  const attributes = asn1.setOf(contentType, messageDigest);
  const signer = bareSigner(attributes);
  t.equal(
    verifySignerInfo(signer, { ...signed, content: attributes }, publicKey).outcome,
    'attributes-stripped',
  );
  const otherSet = asn1.setOf(asn1.utf8String('a set of something else'));
  t.equal(
    verifySignerInfo(bareSigner(otherSet), { ...signed, content: otherSet }, publicKey).outcome,
    'valid',
  );
});

t.test('names an algorithm that it does not know', async (t) => {
  const md5 = { oid: '1.2.840.113549.2.5', bytes: asn1.sequence(asn1.oid('1.2.840.113549.2.5')) };
  const signer = { ...signerOver([contentType, messageDigest]), digestAlgorithm: md5 };
  t.match(verifySignerInfo(signer, signed, publicKey), { outcome: 'algorithm-unsupported', detail: /2\.5$/ });
});

t.test('takes the digest of the signer for a bare key algorithm', async (t) => {
  const rsaEncryption = {
    oid: ALG.rsaEncryption,
    bytes: asn1.sequence(asn1.oid(ALG.rsaEncryption), asn1.NULL),
  };
  const signer = { ...signerOver([contentType, messageDigest]), signatureAlgorithm: rsaEncryption };
  t.same(signerAlgorithms(signer), { digest: 'sha256', scheme: { kind: 'rsa-pkcs1', digest: 'sha256' } });
  t.equal(
    verifySignerInfo(signer, signed, publicKey).outcome,
    'signature-wrong',
    'the key is of another type',
  );
});

/** A signer whose attributes are sent as given; by default what is signed is their DER encoding. */
function signerOver(
  attributes: readonly Buffer[],
  signedBytes: Buffer = asn1.setOf(...attributes),
): SignerInfo {
  const sent = Buffer.concat(attributes);
  return { ...bareSigner(signedBytes), signedAttributes: { content: sent, list: parseAttributes(sent) } };
}

function bareSigner(signedBytes: Buffer): SignerInfo {
  return {
    signedFields: Buffer.alloc(0),
    sid: { kind: 'subject-key-identifier', keyIdentifier: Buffer.from('unused') },
    digestAlgorithm: sha256,
    signatureAlgorithm: ecdsa,
    signature: sign('sha256', signedBytes, privateKey),
    unsignedAttributes: [],
  };
}

/** The contents with a two-octet length before them, longer than DER would have it. */
function lengthOf(...contents: Buffer[]): Buffer {
  const joined = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([joined.length >> 8, joined.length & 0xff]), joined]);
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] ^= 1;
  return copy;
}
