import fc from 'fast-check';
import t from 'tap';

import * as asn1 from '../../pki/der/encode.ts';
import { TAG } from '../../pki/der/tag.ts';
import { encodeExtension } from '../../pki/extension.ts';
import type { Extension } from '../../pki/extension.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { nonceExtension, preferredSignatureAlgorithmsExtension } from '../../pki/ocsp-extensions.ts';
import {
  OCSP_REQUESTS_MAX,
  OCSP_REQUEST_OCTETS_MAX,
  encodeOcspRequest,
  parseOcspRequest,
} from '../../pki/ocsp-request.ts';
import { ALG, CE } from '../../pki/oid.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import { memorySigner } from '../support/memory-signer.ts';

const issuer = {
  subject: { bytes: asn1.sequence() },
  subjectPublicKeyInfo: memorySigner().subjectPublicKeyInfo,
};
const SERIAL = Buffer.from('00e3a1', 'hex');
const certId = encodeCertId('sha256', issuer, SERIAL);

t.test('reads the certificates that are asked for in their order', (t) => {
  const certIds = (['sha1', 'sha256', 'sha384', 'sha512'] as const).map((name) =>
    encodeCertId(name, issuer, SERIAL),
  );
  const request = parseOcspRequest(encodeOcspRequest(certIds));
  t.strictSame(
    request.requests.map(({ certId }) => certId.hashAlgorithm),
    ['sha1', 'sha256', 'sha384', 'sha512'],
  );
  t.strictSame(
    request.requests.map(({ certId }) => certId.bytes),
    certIds,
  );
  t.strictSame(request.requests[0].certId.serialNumber, SERIAL);
  t.equal(request.signed, false);
  t.equal(request.nonce, undefined);
  t.strictSame(request.preferredSignatureAlgorithms, []);
  t.end();
});

t.test('reads a CertID whose digest has NULL for its parameters', (t) => {
  const withNull = certIdWith({ parameters: [asn1.NULL] });
  t.equal(parseOcspRequest(encodeOcspRequest([withNull])).requests[0].certId.hashAlgorithm, 'sha256');
  t.end();
});

t.test('keeps the identifier of a digest that is not known', (t) => {
  const { hashAlgorithm, hashOid } = parseOcspRequest(
    encodeOcspRequest([certIdWith({ oid: '1.2.840.113549.2.5' })]),
  ).requests[0].certId;
  t.equal(hashAlgorithm, undefined);
  t.equal(hashOid, '1.2.840.113549.2.5');
  t.end();
});

t.test('reads the preferred signature algorithms, the most wanted first', (t) => {
  const preferred = [
    { signatureAlgorithm: signatureAlgorithmIdentifier('ed25519') },
    {
      signatureAlgorithm: signatureAlgorithmIdentifier('ecdsa-sha256'),
      publicKeyAlgorithm: asn1.sequence(asn1.oid(ALG.ecPublicKey), asn1.oid(ALG.prime256v1)),
    },
  ];
  const request = parseOcspRequest(
    encodeOcspRequest([certId], [preferredSignatureAlgorithmsExtension(preferred)]),
  );
  t.strictSame(request.preferredSignatureAlgorithms, preferred);
  t.end();
});

for (const octets of [1, 16, 32, 128]) {
  t.test(`reads a nonce of ${octets} octets`, (t) => {
    const nonce = Buffer.alloc(octets, 7);
    t.strictSame(parseOcspRequest(encodeOcspRequest([certId], [nonceExtension(nonce)])).nonce, nonce);
    t.end();
  });
}

t.test('reads a signed request with a requestor name, and does not verify it', (t) => {
  const requestorName = asn1.explicit(4, asn1.sequence());
  const tbs = asn1.sequence(asn1.explicit(1, requestorName), requestListOf(certId));
  const signature = signatureOf(asn1.explicit(0, asn1.sequence(asn1.sequence())));
  const request = parseOcspRequest(asn1.sequence(tbs, signature));
  t.equal(request.signed, true);
  t.strictSame(request.requestorName, requestorName);
  t.end();
});

t.test('passes over an unknown extension that is not critical', (t) => {
  const unknown = { oid: '1.2.3.4', critical: false, value: asn1.NULL };
  const one = asn1.sequence(certId, asn1.explicit(0, asn1.sequence(encodeExtension(unknown))));
  const request = parseOcspRequest(tbsRequestOf(asn1.sequence(one), [unknown]));
  t.ok(request.extensions.has('1.2.3.4'));
  t.ok(request.requests[0].extensions.has('1.2.3.4'));
  t.end();
});

t.test('lets extensions be critical that it acts on', (t) => {
  const nonce = { ...nonceExtension(Buffer.alloc(16)), critical: true };
  const types = {
    oid: CE.ocspResponse,
    critical: true,
    value: asn1.sequence(asn1.oid('1.3.6.1.5.5.7.48.1.1')),
  };
  t.ok(parseOcspRequest(encodeOcspRequest([certId], [nonce, types])).nonce);
  t.end();
});

const plain = encodeOcspRequest([certId]);
const critical = (oid: string): Extension => ({ oid, critical: true, value: asn1.NULL });
const nonceValue = (value: Buffer): Extension => ({ oid: CE.ocspNonce, critical: false, value });
const many = Array.from({ length: OCSP_REQUESTS_MAX + 1 }, () => certId);

const refused: [name: string, code: string, request: Buffer][] = [
  ['nothing', 'der-malformed', Buffer.alloc(0)],
  ['octets behind the request', 'der-malformed', Buffer.concat([plain, Buffer.from([0])])],
  ['a request that is cut off', 'der-malformed', plain.subarray(0, -1)],
  [
    'an indefinite length',
    'der-malformed',
    Buffer.concat([Buffer.from([0x30, 0x80]), plain.subarray(2), Buffer.from([0, 0])]),
  ],
  [
    'a length that is not the shortest',
    'der-malformed',
    Buffer.concat([Buffer.from([0x30, 0x82, 0]), plain.subarray(1)]),
  ],
  ['a request without certificates', 'ocsp-request-malformed', encodeOcspRequest([])],
  [`more than ${OCSP_REQUESTS_MAX} certificates`, 'ocsp-request-malformed', encodeOcspRequest(many)],
  [
    'a request that is too large',
    'ocsp-request-malformed',
    encodeOcspRequest([certId], [nonceValue(Buffer.alloc(OCSP_REQUEST_OCTETS_MAX))]),
  ],
  [
    'version 1 spelt out',
    'ocsp-request-malformed',
    asn1.sequence(asn1.sequence(asn1.explicit(0, asn1.integer(0)), requestListOf(certId))),
  ],
  [
    'version 2',
    'ocsp-request-malformed',
    asn1.sequence(asn1.sequence(asn1.explicit(0, asn1.integer(1)), requestListOf(certId))),
  ],
  [
    'a nonce of 0 octets',
    'ocsp-request-malformed',
    encodeOcspRequest([certId], [nonceExtension(Buffer.alloc(0))]),
  ],
  [
    'a nonce of 129 octets',
    'ocsp-request-malformed',
    encodeOcspRequest([certId], [nonceExtension(Buffer.alloc(129))]),
  ],
  [
    'a nonce that is no OCTET STRING',
    'der-malformed',
    encodeOcspRequest([certId], [nonceValue(Buffer.alloc(16, 0x55))]),
  ],
  [
    'octets behind the nonce',
    'der-malformed',
    encodeOcspRequest([certId], [nonceValue(Buffer.from('0401aa00', 'hex'))]),
  ],
  [
    'two nonces',
    'der-malformed',
    encodeOcspRequest([certId], [nonceExtension(Buffer.alloc(8)), nonceExtension(Buffer.alloc(8))]),
  ],
  [
    'an unknown critical extension',
    'ocsp-request-malformed',
    encodeOcspRequest([certId], [critical('1.2.3.4')]),
  ],
  [
    'an unknown critical extension of one certificate',
    'ocsp-request-malformed',
    requestWithExtensionOfOne(critical('1.2.3.4')),
  ],
  [
    'a critical service locator',
    'ocsp-request-malformed',
    requestWithExtensionOfOne(critical(CE.ocspServiceLocator)),
  ],
  [
    'a serial number that is not the shortest',
    'der-malformed',
    encodeOcspRequest([encodeCertId('sha256', issuer, Buffer.from('0001', 'hex'))]),
  ],
  [
    'an empty serial number',
    'der-malformed',
    encodeOcspRequest([encodeCertId('sha256', issuer, Buffer.alloc(0))]),
  ],
  [
    'a hash that is not as long as its digest',
    'der-malformed',
    encodeOcspRequest([certIdWith({ issuerNameHash: Buffer.alloc(20) })]),
  ],
  [
    'junk in the parameters of the digest',
    'der-malformed',
    encodeOcspRequest([certIdWith({ parameters: [asn1.integer(1)] })]),
  ],
  [
    'more than one parameter of an unknown digest',
    'der-malformed',
    encodeOcspRequest([certIdWith({ oid: '1.2.3', parameters: [asn1.NULL, asn1.NULL] })]),
  ],
  ['a field behind the CertID', 'der-malformed', requestListRequest(asn1.sequence(certId, asn1.NULL))],
  [
    'a signature that is none',
    'der-malformed',
    asn1.sequence(asn1.sequence(requestListOf(certId)), asn1.explicit(0, asn1.NULL)),
  ],
  [
    'junk behind the signature',
    'der-malformed',
    asn1.sequence(asn1.sequence(requestListOf(certId)), signatureOf(asn1.NULL)),
  ],
  [
    'preferred algorithms that are none',
    'der-malformed',
    encodeOcspRequest([certId], [{ ...critical(CE.ocspPreferredSignatureAlgorithms) }]),
  ],
  [
    'two requestor names in one',
    'der-malformed',
    asn1.sequence(asn1.sequence(asn1.explicit(1, asn1.NULL, asn1.NULL), requestListOf(certId))),
  ],
];

for (const [name, code, request] of refused) {
  t.test(`refuses ${name}`, (t) => {
    t.throws(() => parseOcspRequest(request), { name: 'PkiError', code });
    t.end();
  });
}

t.test('reads or refuses whatever is damaged, and never fails otherwise', (t) => {
  const whole = encodeOcspRequest([certId, certId], [nonceExtension(Buffer.alloc(16, 1))]);
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(damage, (damages) => {
      const damaged = Buffer.from(whole);
      for (const [at, octet] of damages) damaged[at] = octet;
      try {
        const { requests } = parseOcspRequest(damaged);
        return encodeOcspRequest(requests.map(({ certId }) => certId.bytes)).length > 0;
      } catch (error) {
        return error instanceof PkiError;
      }
    }),
    { numRuns: 2000 },
  );
  t.end();
});

function certIdWith(parts: { oid?: string; parameters?: Buffer[]; issuerNameHash?: Buffer }): Buffer {
  const { oid = ALG.sha256, parameters = [], issuerNameHash = Buffer.alloc(32) } = parts;
  return asn1.sequence(
    asn1.sequence(asn1.oid(oid), ...parameters),
    asn1.octetString(issuerNameHash),
    asn1.octetString(Buffer.alloc(32)),
    asn1.element(TAG.integer, SERIAL),
  );
}

function requestListOf(certId: Buffer): Buffer {
  return asn1.sequence(asn1.sequence(certId));
}

function requestListRequest(one: Buffer): Buffer {
  return asn1.sequence(asn1.sequence(asn1.sequence(one)));
}

function tbsRequestOf(requestList: Buffer, extensions: Extension[]): Buffer {
  return asn1.sequence(
    asn1.sequence(requestList, asn1.explicit(2, asn1.sequence(...extensions.map(encodeExtension)))),
  );
}

function requestWithExtensionOfOne(extension: Extension): Buffer {
  return requestListRequest(
    asn1.sequence(certId, asn1.explicit(0, asn1.sequence(encodeExtension(extension)))),
  );
}

function signatureOf(...rest: Buffer[]): Buffer {
  const algorithm = signatureAlgorithmIdentifier('ecdsa-sha256');
  return asn1.explicit(0, asn1.sequence(algorithm, asn1.bitString(Buffer.alloc(70)), ...rest));
}
