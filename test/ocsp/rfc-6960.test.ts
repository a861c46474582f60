import t from 'tap';
import type { Test } from 'tap';

import * as asn1 from '../../pki/der/encode.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { certificateFingerprint } from '../../pki/certificate.ts';
import type { Extension } from '../../pki/extension.ts';
import { encodeExtension } from '../../pki/extension.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import {
  nonceExtension,
  parseArchiveCutoff,
  parseCertHash,
  parseNonce,
  preferredSignatureAlgorithmsExtension,
} from '../../pki/ocsp-extensions.ts';
import { OCSP_REQUESTS_MAX, encodeOcspRequest } from '../../pki/ocsp-request.ts';
import { parseOcspResponse } from '../../pki/ocsp-response.ts';
import type { BasicOcspResponse, OcspErrorStatus } from '../../pki/ocsp-response.ts';
import { CE, PKIX } from '../../pki/oid.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import { FixtureOcsp, NOON, neverIssued, readVerified } from '../support/fixture-ocsp.ts';
import { startOcspServer } from '../support/ocsp-server.ts';

// Clause by clause what a client sees, by POST and by GET: each row asks, and says what must come.

const house = await FixtureOcsp.create();
const LATER = new Date(NOON.getTime() - 3600_000);
const good = await house.issue();
const held = await house.issue();
const revoked = await house.issue();
const unspecified = await house.issue();
const expired = await house.issue(house.bronze, { notAfter: LATER });
await house.change(held, 'held', 'certificateHold');
await house.change(revoked, 'revoked', 'keyCompromise');
await house.change(unspecified, 'revoked', 'unspecified');
const foreign = (await FixtureOcsp.create()).bronze.certificate;

const certIdOf = (certificate: { serialNumber: Buffer }, issuer: Certificate = house.bronze.certificate) =>
  encodeCertId('sha256', issuer, certificate.serialNumber);
const goodId = certIdOf(good);
const list = (...certIds: Buffer[]) => asn1.sequence(...certIds.map((certId) => asn1.sequence(certId)));
const extension = (oid: string, value: Buffer, critical = false): Extension => ({ oid, critical, value });
const withOne = (one: Extension) =>
  asn1.sequence(
    asn1.sequence(
      asn1.sequence(asn1.sequence(goodId, asn1.explicit(0, asn1.sequence(encodeExtension(one))))),
    ),
  );
const NAME = asn1.explicit(1, asn1.explicit(4, asn1.sequence()));
const SIGNATURE = asn1.explicit(
  0,
  asn1.sequence(signatureAlgorithmIdentifier('ecdsa-sha256'), asn1.bitString(Buffer.alloc(70, 1))),
);
const OF_1970 = { kind: 'revoked', revokedAt: new Date(0), reason: 'certificateHold' };

type Row = [clause: string, request: Buffer, check: (t: Test, answer: BasicOcspResponse) => void];
type RefusedRow = [clause: string, request: Buffer, status: OcspErrorStatus];

const statusRows: [clause: string, certificate: { serialNumber: Buffer }, status: object][] = [
  ['§2.2: good', good, { kind: 'good' }],
  [
    '§2.2: a hold is revoked with certificateHold (6) and its time',
    held,
    { kind: 'revoked', revokedAt: NOON, reason: 'certificateHold' },
  ],
  [
    '§2.2: revoked, with reason and time',
    revoked,
    { kind: 'revoked', revokedAt: NOON, reason: 'keyCompromise' },
  ],
  [
    'RFC 5280 §5.3.1: unspecified is said by saying nothing',
    unspecified,
    { kind: 'revoked', revokedAt: NOON },
  ],
  ['§4.4.4: an expired certificate stays answerable', expired, { kind: 'good' }],
  ['§2.2: never issued is never good', neverIssued(), OF_1970],
];

const answered: Row[] = [
  ...statusRows.map(([clause, certificate, status]): Row => [
    clause,
    house.request([certificate]),
    (t, { responses }) => t.strictSame(responses[0].status, status),
  ]),
  ...(['sha1', 'sha256', 'sha384', 'sha512'] as const).map((hashAlgorithm): Row => [
    `§4.1.1: a CertID by ${hashAlgorithm} is answered in kind`,
    house.request([good], { hashAlgorithm }),
    (t, { responses }) => {
      t.equal(responses[0].certId.hashAlgorithm, hashAlgorithm);
      t.equal(responses[0].status.kind, 'good');
    },
  ]),
  ...[1, 16, 32, 127, 128].map((octets): Row => [
    `RFC 9654 §2.1: a nonce of ${octets} octets comes back`,
    house.request([good], { extensions: [nonceExtension(Buffer.alloc(octets, 0xfb))] }),
    (t, { extensions }) =>
      t.strictSame(parseNonce(extensions.get(CE.ocspNonce)!.value), Buffer.alloc(octets, 0xfb)),
  ]),
  [
    '§4.4: a critical nonce is understood',
    house.request([good], { extensions: [{ ...nonceExtension(Buffer.alloc(8, 1)), critical: true }] }),
    (t, { extensions }) => t.ok(extensions.has(CE.ocspNonce)),
  ],
  [
    'RFC 9654 §2.1: without a nonce there is none',
    house.request([good]),
    (t, { extensions }) => t.equal(extensions.size, 0),
  ],
  [
    '§4.1.1: several requests in one, answered in their order',
    encodeOcspRequest([certIdOf(held), goodId, certIdOf(neverIssued()), certIdOf(held)]),
    (t, { responses, extensions }) => {
      t.strictSame(
        responses.map(({ status }) => status.kind),
        ['revoked', 'good', 'revoked', 'revoked'],
      );
      t.ok(extensions.has(CE.ocspExtendedRevoke));
    },
  ],
  [
    `as many as ${OCSP_REQUESTS_MAX} in one`,
    encodeOcspRequest(Array.from({ length: OCSP_REQUESTS_MAX }, () => goodId)),
    (t, { responses }) => t.equal(responses.length, OCSP_REQUESTS_MAX),
  ],
  [
    '§2.2, §4.4.8: never issued says extended-revoke, and nothing of a CRL',
    house.request([neverIssued()]),
    (t, { responses, extensions }) => {
      t.strictSame(extensions.get(CE.ocspExtendedRevoke)?.value, asn1.NULL);
      t.equal(responses[0].extensions.size, 0);
    },
  ],
  [
    'Common PKI part 4 §3.1.2: CertHash says that this very certificate is known',
    house.request([revoked]),
    (t, { responses }) =>
      t.strictSame(
        parseCertHash(responses[0].extensions.get(CE.certHash)!.value).certificateHash,
        certificateFingerprint(revoked),
      ),
  ],
  [
    '§4.4.4: archiveCutoff says since when expired certificates are answered for',
    house.request([expired]),
    (t, { responses }) =>
      t.strictSame(
        parseArchiveCutoff(responses[0].extensions.get(CE.ocspArchiveCutoff)!.value),
        house.bronze.certificate.notBefore,
      ),
  ],
  [
    '§4.1.2: signed, with a requestorName',
    asn1.sequence(asn1.sequence(NAME, list(goodId)), SIGNATURE),
    (t, { responses }) => t.equal(responses[0].status.kind, 'good'),
  ],
  [
    '§4.1.1: a requestorName without a signature',
    asn1.sequence(asn1.sequence(NAME, list(goodId))),
    (t, { responses }) => t.equal(responses[0].status.kind, 'good'),
  ],
  [
    '§4.1.2: an unknown extension that is not critical',
    house.request([good], { extensions: [extension('1.2.3.4', asn1.NULL)] }),
    (t, { extensions }) => t.equal(extensions.size, 0),
  ],
  [
    '§4.1.2: an unknown extension of one certificate that is not critical',
    withOne(extension('1.2.3.4', asn1.NULL)),
    (t, { responses }) => t.equal(responses[0].status.kind, 'good'),
  ],
  [
    '§4.4.6: a service locator that is not critical',
    withOne(extension(CE.ocspServiceLocator, asn1.sequence(asn1.sequence()))),
    (t, { responses }) => t.equal(responses[0].status.kind, 'good'),
  ],
  ...[true, false].map((critical): Row => [
    `§4.4.3: acceptable responses with basic, ${critical ? 'critical' : 'not critical'}`,
    house.request([good], {
      extensions: [extension(CE.ocspResponse, asn1.sequence(asn1.oid(PKIX.basicOcspResponse)), critical)],
    }),
    (t, { responses }) => t.equal(responses[0].status.kind, 'good'),
  ]),
  [
    '§4.4.3: basic is always acceptable where another type is only wished for',
    house.request([good], { extensions: [extension(CE.ocspResponse, asn1.sequence(asn1.oid('1.2.3')))] }),
    (t, { responses }) => t.equal(responses[0].status.kind, 'good'),
  ],
  [
    '§4.4.7: a preferred algorithm that no key has leaves the first key',
    house.request([good], {
      extensions: [
        preferredSignatureAlgorithmsExtension([
          { signatureAlgorithm: signatureAlgorithmIdentifier('rsa-sha512') },
        ]),
      ],
    }),
    (t, { certificates }) => t.strictSame(certificates[0].bytes, house.bronze.responder.certificate.bytes),
  ],
  [
    '§4.2.1: times in whole seconds, thisUpdate before producedAt before nextUpdate',
    house.request([good]),
    (t, { responses, producedAt }) => {
      const { thisUpdate, nextUpdate } = responses[0];
      t.ok(thisUpdate <= producedAt && producedAt < nextUpdate!);
      t.equal(producedAt.getMilliseconds(), 0);
    },
  ],
  [
    '§4.2.2.2: signed by a delegate of the issuer, whose certificate comes along',
    house.request([good]),
    (t, { certificates }) => t.equal(certificates.length, 1),
  ],
];

const plain = encodeOcspRequest([goodId]);
const refused: RefusedRow[] = [
  ['§2.3: octets behind the request', Buffer.concat([plain, Buffer.from([0])]), 'malformedRequest'],
  ['§2.3: another request behind it', Buffer.concat([plain, plain]), 'malformedRequest'],
  ['§2.3: junk', Buffer.from('junk junk junk'), 'malformedRequest'],
  ['§2.3: cut off', plain.subarray(0, -1), 'malformedRequest'],
  [
    'X.690 §10.1: an indefinite length',
    Buffer.concat([Buffer.from([0x30, 0x80]), plain.subarray(2), Buffer.alloc(2)]),
    'malformedRequest',
  ],
  [
    'X.690 §10.1: a length that is not the shortest',
    Buffer.concat([Buffer.from([0x30, 0x81]), plain.subarray(1)]),
    'malformedRequest',
  ],
  ['§4.1.1: no certificate', asn1.sequence(asn1.sequence(asn1.sequence())), 'malformedRequest'],
  [
    'one more certificate than a request may name',
    encodeOcspRequest(Array.from({ length: OCSP_REQUESTS_MAX + 1 }, () => goodId)),
    'malformedRequest',
  ],
  [
    '§4.1.1: version 2',
    asn1.sequence(asn1.sequence(asn1.explicit(0, asn1.integer(1)), list(goodId))),
    'malformedRequest',
  ],
  ...[0, 129, 200].map((octets): RefusedRow => [
    `RFC 9654 §2.1: a nonce of ${octets} octets`,
    house.request([good], { extensions: [nonceExtension(Buffer.alloc(octets, 1))] }),
    'malformedRequest',
  ]),
  [
    'RFC 9654 §2.1: a nonce that is no OCTET STRING',
    house.request([good], { extensions: [extension(CE.ocspNonce, Buffer.alloc(16, 0x55))] }),
    'malformedRequest',
  ],
  [
    'RFC 5280 §4.2: two nonces',
    house.request([good], { extensions: [nonceExtension(Buffer.alloc(8)), nonceExtension(Buffer.alloc(8))] }),
    'malformedRequest',
  ],
  [
    '§4.1.2: an unknown critical extension',
    house.request([good], { extensions: [extension('1.2.3.4', asn1.NULL, true)] }),
    'malformedRequest',
  ],
  [
    '§4.1.2: an unknown critical extension of one certificate',
    withOne(extension('1.2.3.4', asn1.NULL, true)),
    'malformedRequest',
  ],
  [
    '§4.4.3: a critical wish for another type of response',
    house.request([good], {
      extensions: [extension(CE.ocspResponse, asn1.sequence(asn1.oid('1.2.3')), true)],
    }),
    'malformedRequest',
  ],
  [
    '§4.4.3: acceptable responses that are none',
    house.request([good], { extensions: [extension(CE.ocspResponse, asn1.NULL)] }),
    'malformedRequest',
  ],
  [
    '§4.1.2: signed, without requestorName',
    asn1.sequence(asn1.sequence(list(goodId)), SIGNATURE),
    'malformedRequest',
  ],
  ['§2.3: a foreign issuer', house.request([good], { issuer: foreign }), 'unauthorized'],
  [
    '§2.3: one foreign issuer among ours',
    encodeOcspRequest([goodId, certIdOf(good, foreign)]),
    'unauthorized',
  ],
  [
    '§4.2.2.2: two of our own issuers',
    encodeOcspRequest([goodId, certIdOf(good, house.silver.certificate)]),
    'unauthorized',
  ],
];

for (const [clause, request, check] of answered) {
  t.test(clause, async (t) => {
    for (const [method, answer] of await asked(t, request)) {
      t.equal(answer.status, 200, method);
      t.equal(answer.headers.get('content-type'), 'application/ocsp-response');
      check(t, readVerified(answer.body, house.bronze.certificate));
    }
  });
}

for (const [clause, request, status] of refused) {
  t.test(`${clause}: ${status}`, async (t) => {
    for (const [method, answer] of await asked(t, request)) {
      t.equal(answer.status, 200, method);
      t.strictSame(parseOcspResponse(answer.body), { status });
      // RFC 5019 §6.2: nothing of an error is kept.
      t.equal(answer.headers.get('cache-control'), 'no-store');
      for (const name of ['etag', 'last-modified', 'expires']) t.equal(answer.headers.get(name), null, name);
    }
  });
}

t.test('RFC 5019 §6.2: only a plain answer about one certificate that was issued may be kept', async (t) => {
  const kept: [name: string, request: Buffer, isKept: boolean][] = [
    ['good', house.request([good]), true],
    ['held', house.request([held]), true],
    ['revoked', house.request([revoked]), true],
    ['never issued', house.request([neverIssued()]), false],
    ['a nonce', house.request([good], { extensions: [nonceExtension(Buffer.alloc(8))] }), false],
    ['two certificates', house.request([good, held]), false],
  ];
  for (const [name, request, isKept] of kept) {
    for (const [method, { headers }] of await asked(t, request)) {
      t.equal(headers.has('etag'), isKept, `${name} by ${method}`);
      t.equal(headers.has('expires'), isKept);
      t.equal(headers.has('last-modified'), isKept);
      t.match(headers.get('cache-control'), isKept ? /^max-age=\d+, public, / : 'private, max-age=0');
    }
  }
});

interface Answer {
  status: number;
  headers: Headers;
  body: Buffer;
}

/** The same request by POST and by GET. */
async function asked(
  t: Parameters<typeof startOcspServer>[0],
  request: Buffer,
): Promise<[method: string, answer: Answer][]> {
  const { url } = await startOcspServer(t, house.responder);
  const path = encodeURIComponent(request.toString('base64'));
  const headers = { 'content-type': 'application/ocsp-request' };
  return [
    [
      'POST',
      await read(
        await fetch(`${url}/ocsp/bronze`, { method: 'POST', headers, body: new Uint8Array(request) }),
      ),
    ],
    ['GET', await read(await fetch(`${url}/ocsp/bronze/${path}`))],
  ];
}

async function read(response: Response): Promise<Answer> {
  const { status, headers } = response;
  return { status, headers, body: Buffer.from(await response.arrayBuffer()) };
}
