import t from 'tap';

import type { Certificate } from '../../pki/certificate.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { extendedKeyUsageExtension } from '../../pki/extensions/extended-key-usage.ts';
import { keyUsageExtension } from '../../pki/extensions/key-usage.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { encodeOcspResponse, encodeResponseData, parseOcspResponse } from '../../pki/ocsp-response.ts';
import type { BasicOcspResponse } from '../../pki/ocsp-response.ts';
import { encodeSingleResponse } from '../../pki/ocsp-single-response.ts';
import { singleResponseOf, verifyOcspResponse } from '../../pki/ocsp-verification.ts';
import { KP } from '../../pki/oid.ts';
import { keyIdentifier } from '../../pki/public-key.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import {
  FIXTURE_NOT_AFTER,
  FIXTURE_NOT_BEFORE,
  authorityTemplate,
  fixtureCertificate,
} from '../support/fixture-certificate.ts';
import type { CertificateTemplate } from '../support/fixture-certificate.ts';
import { fixtureResponder } from '../support/fixture-ocsp.ts';
import { memorySigner } from '../support/memory-signer.ts';
import type { MemorySigner } from '../support/memory-signer.ts';

const NOON = new Date('2026-06-15T12:00:00Z');
const SERIAL = Buffer.from('4711', 'hex');

const issuer = await authority('Fixture Bronze CA');
const stranger = await authority('Fixture Bronze CA');

t.test('accepts an answer that the issuer itself signed', async (t) => {
  const response = await signed({ signer: issuer.signer });
  t.match(verifyOcspResponse(response, issuer.certificate), {
    verified: true,
    delegated: false,
    responder: issuer.certificate,
  });
});

t.test('accepts an answer of a responder that the issuer authorized', async (t) => {
  const responder = await fixtureResponder(issuer);
  const response = await signed({
    signer: responder.signer as MemorySigner,
    certificates: [responder.certificate],
  });
  t.match(verifyOcspResponse(response, issuer.certificate), {
    verified: true,
    delegated: true,
    noCheck: true,
  });
});

t.test('accepts a responder that is named by its name', async (t) => {
  const responder = await fixtureResponder(issuer);
  const byName = asn1.explicit(1, responder.certificate.subject.bytes);
  const response = await signed({
    signer: responder.signer as MemorySigner,
    certificates: [responder.certificate],
    byName,
  });
  t.match(verifyOcspResponse(response, issuer.certificate), { verified: true, delegated: true });
});

const notAuthorized: [
  name: string,
  fault: string,
  overrides: Partial<CertificateTemplate>,
  by: typeof issuer,
][] = [
  [
    'without OCSPSigning',
    'responder-not-authorized',
    { extensions: [keyUsageExtension(['digitalSignature'])] },
    issuer,
  ],
  [
    'with any extended key usage in place of OCSPSigning',
    'responder-not-authorized',
    { extensions: [extendedKeyUsageExtension([KP.anyExtendedKeyUsage])] },
    issuer,
  ],
  [
    'whose key may only encipher',
    'responder-not-authorized',
    { extensions: [extendedKeyUsageExtension([KP.ocspSigning]), keyUsageExtension(['keyEncipherment'])] },
    issuer,
  ],
  ['of another issuer of the same name', 'responder-not-authorized', {}, stranger],
  ['that has expired', 'responder-not-valid', { notAfter: new Date(NOON.getTime() - 1000) }, issuer],
  ['that is not valid yet', 'responder-not-valid', { notBefore: new Date(NOON.getTime() + 1000) }, issuer],
];

for (const [name, fault, overrides, by] of notAuthorized) {
  t.test(`refuses an answer of a responder ${name}`, async (t) => {
    const responder = await fixtureResponder(by, {
      notBefore: FIXTURE_NOT_BEFORE,
      notAfter: FIXTURE_NOT_AFTER,
      ...overrides,
    });
    const response = await signed({
      signer: responder.signer as MemorySigner,
      certificates: [responder.certificate],
    });
    t.strictSame(verifyOcspResponse(response, issuer.certificate), { verified: false, fault });
  });
}

t.test('accepts a responder in the last second of its certificate', async (t) => {
  const responder = await fixtureResponder(issuer, { notAfter: NOON });
  const response = await signed({
    signer: responder.signer as MemorySigner,
    certificates: [responder.certificate],
  });
  t.match(verifyOcspResponse(response, issuer.certificate), { verified: true });
});

t.test('refuses an answer whose responder is not at hand', async (t) => {
  const response = await signed({ signer: memorySigner() });
  t.strictSame(verifyOcspResponse(response, issuer.certificate), {
    verified: false,
    fault: 'responder-unknown',
  });
});

t.test('refuses an answer that was changed', async (t) => {
  const response = await signed({ signer: issuer.signer });
  const tbsResponseData = Buffer.from(response.tbsResponseData);
  tbsResponseData[tbsResponseData.length - 1] ^= 1;
  const verification = verifyOcspResponse({ ...response, tbsResponseData }, issuer.certificate);
  t.strictSame(verification, { verified: false, fault: 'signature-wrong' });
});

t.test('refuses a signature algorithm that is not known', async (t) => {
  const response = await signed({ signer: issuer.signer });
  const signatureAlgorithm = asn1.sequence(asn1.oid('1.2.840.113549.1.1.4'));
  const verification = verifyOcspResponse({ ...response, signatureAlgorithm }, issuer.certificate);
  t.strictSame(verification, { verified: false, fault: 'algorithm-unsupported' });
});

t.test('finds the answer that is about a certificate', async (t) => {
  const response = await signed({ signer: issuer.signer });
  t.equal(singleResponseOf(response, issuer.certificate, SERIAL), response.responses[0]);
  t.equal(singleResponseOf(response, issuer.certificate, Buffer.from('4712', 'hex')), undefined);
  t.equal(singleResponseOf(response, stranger.certificate, SERIAL), undefined);
});

async function authority(commonName: string): Promise<{ signer: MemorySigner; certificate: Certificate }> {
  const signer = memorySigner();
  return { signer, certificate: await fixtureCertificate(authorityTemplate(commonName, signer), { signer }) };
}

async function signed(by: {
  signer: MemorySigner;
  certificates?: Certificate[];
  /** ResponderID in place of the one by key. */
  byName?: Buffer;
}): Promise<BasicOcspResponse> {
  const certId = encodeCertId('sha1', issuer.certificate, SERIAL);
  const single = encodeSingleResponse({ certId, status: { kind: 'good' }, thisUpdate: NOON, extensions: [] });
  const responderKeyHash = keyIdentifier(by.signer.subjectPublicKeyInfo);
  const data = by.byName
    ? asn1.sequence(by.byName, asn1.generalizedTime(NOON), asn1.sequence(single))
    : encodeResponseData({ responderKeyHash, producedAt: NOON, responses: [single], extensions: [] });
  const response = parseOcspResponse(
    encodeOcspResponse({
      tbsResponseData: data,
      signatureAlgorithm: signatureAlgorithmIdentifier(by.signer.algorithm),
      signature: await by.signer.sign(data),
      certificates: (by.certificates ?? []).map(({ bytes }) => bytes),
    }),
  );
  if (response.status !== 'successful') throw new Error(response.status);
  return response;
}
