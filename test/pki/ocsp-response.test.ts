import fc from 'fast-check';
import t from 'tap';

import * as asn1 from '../../pki/der/encode.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import {
  archiveCutoffExtension,
  certHashExtension,
  extendedRevokeExtension,
  nonceExtension,
  parseArchiveCutoff,
  parseCertHash,
  parseNonce,
} from '../../pki/ocsp-extensions.ts';
import {
  OCSP_RESPONSE_OCTETS_MAX,
  OCSP_RESPONSE_STATUSES,
  encodeOcspError,
  encodeOcspResponse,
  encodeResponseData,
  parseBasicOcspResponse,
  parseOcspResponse,
} from '../../pki/ocsp-response.ts';
import type { BasicOcspResponse, OcspErrorStatus } from '../../pki/ocsp-response.ts';
import { encodeSingleResponse } from '../../pki/ocsp-single-response.ts';
import type { OcspCertStatus } from '../../pki/ocsp-single-response.ts';
import { CE, PKIX } from '../../pki/oid.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import { memorySigner } from '../support/memory-signer.ts';

const issuer = {
  subject: { bytes: asn1.sequence() },
  subjectPublicKeyInfo: memorySigner().subjectPublicKeyInfo,
};
const certId = encodeCertId('sha256', issuer, Buffer.from([0x42]));
const thisUpdate = new Date('2026-06-15T12:00:00Z');
const nextUpdate = new Date('2026-06-15T12:10:00Z');
const revokedAt = new Date('2026-06-15T11:59:59Z');
const responderKeyHash = Buffer.alloc(20, 9);

const statuses: [name: string, status: OcspCertStatus, hex: string][] = [
  ['good', { kind: 'good' }, '8000'],
  ['unknown', { kind: 'unknown' }, '8200'],
  ['revoked without a reason', { kind: 'revoked', revokedAt }, 'a111180f32303236303631353131353935395a'],
  [
    'on hold',
    { kind: 'revoked', revokedAt, reason: 'certificateHold' },
    'a116180f32303236303631353131353935395aa0030a0106',
  ],
];

for (const [name, status, hex] of statuses) {
  t.test(`writes and reads a certificate that is ${name}`, (t) => {
    const single = encodeSingleResponse({ certId, status, thisUpdate, nextUpdate, extensions: [] });
    t.ok(single.includes(Buffer.concat([certId, Buffer.from(hex, 'hex')])));
    const [read] = basicOf(responseOf({ responses: [single] })).responses;
    t.strictSame(read.status, status);
    t.strictSame(read.certId.bytes, certId);
    t.strictSame([read.thisUpdate, read.nextUpdate], [thisUpdate, nextUpdate]);
    t.end();
  });
}

t.test('says nothing where the reason is unspecified', (t) => {
  const status = { kind: 'revoked', revokedAt, reason: 'unspecified' } as const;
  const single = encodeSingleResponse({ certId, status, thisUpdate, extensions: [] });
  const [read] = basicOf(responseOf({ responses: [single] })).responses;
  t.strictSame(read.status, { kind: 'revoked', revokedAt });
  t.equal(read.nextUpdate, undefined);
  t.end();
});

t.test('reads a revocation reason that the standard does not know as none', (t) => {
  const info = asn1.element(0xa1, asn1.generalizedTime(revokedAt), asn1.explicit(0, asn1.enumerated(42)));
  const single = asn1.sequence(certId, info, asn1.generalizedTime(thisUpdate));
  t.strictSame(basicOf(responseOf({ responses: [single] })).responses[0].status, {
    kind: 'revoked',
    revokedAt,
  });
  t.end();
});

t.test('writes and reads the extensions', (t) => {
  const nonce = Buffer.alloc(32, 3);
  const certHash = Buffer.alloc(32, 5);
  const single = encodeSingleResponse({
    certId,
    status: { kind: 'good' },
    thisUpdate,
    extensions: [certHashExtension(certHash), archiveCutoffExtension(revokedAt)],
  });
  const response = responseOf({
    responses: [single],
    extensions: [nonceExtension(nonce), extendedRevokeExtension()],
  });
  const { responses, extensions } = basicOf(response);
  t.strictSame(parseCertHash(responses[0].extensions.get(CE.certHash)!.value), {
    hashAlgorithm: 'sha256',
    certificateHash: certHash,
  });
  t.strictSame(parseArchiveCutoff(responses[0].extensions.get(CE.ocspArchiveCutoff)!.value), revokedAt);
  t.strictSame(parseNonce(extensions.get(CE.ocspNonce)!.value), nonce);
  t.strictSame(extensions.get(CE.ocspExtendedRevoke)!.value, Buffer.from([5, 0]));
  t.ok([...extensions.values()].every(({ critical }) => !critical));
  t.end();
});

t.test('names the responder by its key and carries no certificate that it was not given', (t) => {
  const { responderId, producedAt, certificates } = basicOf(responseOf({}));
  t.strictSame(responderId, { kind: 'byKey', keyHash: responderKeyHash });
  t.strictSame(producedAt, thisUpdate);
  t.strictSame(certificates, []);
  t.end();
});

t.test('keeps the octets that are signed', (t) => {
  const data = responseData({});
  const { tbsResponseData, signature } = basicOf(respond(data));
  t.strictSame(tbsResponseData, data);
  t.strictSame(signature, Buffer.alloc(70, 1));
  t.end();
});

for (const status of Object.keys(OCSP_RESPONSE_STATUSES).filter((name) => name !== 'successful')) {
  t.test(`writes and reads ${status}`, (t) => {
    const bytes = encodeOcspError(status as OcspErrorStatus);
    t.equal(bytes.length, 5);
    t.strictSame(parseOcspResponse(bytes), { status });
    t.end();
  });
}

t.test(
  'reads a responder that is named by its name, an explicit version and fractions of seconds, as others write them',
  (t) => {
    const single = encodeSingleResponse({ certId, status: { kind: 'good' }, thisUpdate, extensions: [] });
    const data = asn1.sequence(
      asn1.explicit(0, asn1.integer(0)),
      asn1.explicit(1, asn1.sequence()),
      asn1.element(0x18, Buffer.from('20260615120000.25Z')),
      asn1.sequence(single),
    );
    const { responderId, producedAt } = basicOf(respond(data));
    t.equal(responderId.kind, 'byName');
    t.equal(producedAt.toISOString(), '2026-06-15T12:00:00.250Z');
    t.end();
  },
);

t.test('reads BER, as CMS may carry it', (t) => {
  const der = responseOf({});
  const ber = Buffer.concat([Buffer.from([0x30, 0x80]), contentsOf(der), Buffer.from([0, 0])]);
  t.equal(parseOcspResponse(ber).status, 'successful');
  t.end();
});

t.test('reads a BasicOCSPResponse by itself', (t) => {
  const basic = asn1.sequence(
    responseData({}),
    signatureAlgorithmIdentifier('ecdsa-sha256'),
    asn1.bitString(Buffer.alloc(8)),
  );
  t.equal(parseBasicOcspResponse(basic).responses.length, 0);
  t.end();
});

const basicOctets = asn1.octetString(asn1.sequence());
const refused: [name: string, response: Buffer][] = [
  ['nothing', Buffer.alloc(0)],
  ['octets behind the response', Buffer.concat([responseOf({}), Buffer.from([0])])],
  ['a status that does not exist', asn1.sequence(asn1.enumerated(4))],
  ['success without an answer', asn1.sequence(asn1.enumerated(0))],
  [
    'a type that is not basic',
    asn1.sequence(asn1.enumerated(0), asn1.explicit(0, asn1.sequence(asn1.oid('1.2.3'), basicOctets))),
  ],
  [
    'a basic answer that is empty',
    asn1.sequence(
      asn1.enumerated(0),
      asn1.explicit(0, asn1.sequence(asn1.oid(PKIX.basicOcspResponse), basicOctets)),
    ),
  ],
  ['a version 2', respond(asn1.sequence(asn1.explicit(0, asn1.integer(1)), contentsOf(responseData({}))))],
  [
    'a certificate status that does not exist',
    responseOf({ responses: [asn1.sequence(certId, Buffer.from([0x83, 0]))] }),
  ],
  ['a response that is too large', asn1.sequence(asn1.octetString(Buffer.alloc(OCSP_RESPONSE_OCTETS_MAX)))],
  ['a certificate that is none', respond(responseData({}), [asn1.sequence()])],
];

for (const [name, response] of refused) {
  t.test(`refuses ${name}`, (t) => {
    t.throws(() => parseOcspResponse(response), { name: 'PkiError' });
    t.end();
  });
}

t.test('reads or refuses whatever is damaged, and never fails otherwise', (t) => {
  const single = encodeSingleResponse({
    certId,
    status: statuses[3][1],
    thisUpdate,
    nextUpdate,
    extensions: [],
  });
  const whole = responseOf({ responses: [single], extensions: [nonceExtension(Buffer.alloc(8))] });
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, octet) => {
      const damaged = Buffer.from(whole);
      damaged[at] = octet;
      try {
        return parseOcspResponse(damaged).status in OCSP_RESPONSE_STATUSES;
      } catch (error) {
        return error instanceof PkiError;
      }
    }),
    { numRuns: 2000 },
  );
  t.end();
});

function responseData(overrides: Partial<Parameters<typeof encodeResponseData>[0]>): Buffer {
  return encodeResponseData({
    responderKeyHash,
    producedAt: thisUpdate,
    responses: [],
    extensions: [],
    ...overrides,
  });
}

function responseOf(overrides: Partial<Parameters<typeof encodeResponseData>[0]>): Buffer {
  return respond(responseData(overrides));
}

function respond(tbsResponseData: Buffer, certificates: Buffer[] = []): Buffer {
  const signatureAlgorithm = signatureAlgorithmIdentifier('ecdsa-sha256');
  return encodeOcspResponse({
    tbsResponseData,
    signatureAlgorithm,
    signature: Buffer.alloc(70, 1),
    certificates,
  });
}

function basicOf(bytes: Buffer): BasicOcspResponse {
  const response = parseOcspResponse(bytes);
  if (response.status !== 'successful') throw new Error(response.status);
  return response;
}

/** Contents of an element with a length of up to 65,535. */
function contentsOf(element: Buffer): Buffer {
  const header = element[1] < 0x80 ? 2 : 2 + (element[1] & 0x7f);
  return element.subarray(header);
}
