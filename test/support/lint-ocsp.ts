import { generateKeyPairSync } from 'node:crypto';

import type { LintedOcspResponse } from '../../ca/lint/linted-ocsp-response.ts';
import type { Certificate } from '../../pki/certificate.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { encodeExtension } from '../../pki/extension.ts';
import type { Extension } from '../../pki/extension.ts';
import { archiveCutoffExtension, certHashExtension } from '../../pki/ocsp-extensions.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { encodeOcspResponse, parseOcspResponse } from '../../pki/ocsp-response.ts';
import { encodeSingleResponse } from '../../pki/ocsp-single-response.ts';
import type { SingleResponseFields } from '../../pki/ocsp-single-response.ts';
import { keyIdentifier } from '../../pki/public-key.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import { lintCertificate } from './lint-certificate.ts';

// OCSP responses as lints see them: each part can be replaced. Lints look at no signature.

export interface OcspParts {
  /** ResponderID, encoded. */
  responderId: Buffer;
  producedAt: Buffer;
  responses: Buffer[];
  extensions: Extension[];
  signatureAlgorithm: Buffer;
  certificates: Certificate[];
}

/** producedAt of what this file makes. */
export const OCSP_NOW = new Date('2026-06-15T12:00:00Z');

const issuerKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
/** The CA in question. */
export const OCSP_ISSUER = lintCertificate('intermediate', {
  subjectPublicKeyInfo: issuerKey.export({ type: 'spki', format: 'der' }),
});
/** The certificate of its responder. */
export const OCSP_RESPONDER = lintCertificate('ocsp-responder');

/** A SingleResponse: good, with CertHash, for a day, with some of that replaced. */
export function singleAnswer(overrides: Partial<SingleResponseFields> = {}): Buffer {
  return encodeSingleResponse({
    certId: encodeCertId('sha256', OCSP_ISSUER, Buffer.from('4011', 'hex')),
    status: { kind: 'good' },
    thisUpdate: new Date('2026-06-15T11:59:00Z'),
    nextUpdate: new Date('2026-06-16T11:59:00Z'),
    extensions: [
      certHashExtension(Buffer.alloc(32, 1)),
      archiveCutoffExtension(new Date('2026-01-01T00:00:00Z')),
    ],
    ...overrides,
  });
}

/** ResponderID byKey. */
export function byKey(keyHash: Buffer): Buffer {
  return asn1.explicit(2, asn1.octetString(keyHash));
}

/** ResponderID byName. */
export function byName(encodedName: Buffer): Buffer {
  return asn1.explicit(1, encodedName);
}

/** DER of a successful response with some parts of it replaced. */
export function lintOcspBytes(overrides: Partial<OcspParts> = {}): Buffer {
  const parts: OcspParts = {
    responderId: byKey(keyIdentifier(OCSP_RESPONDER.subjectPublicKeyInfo)),
    producedAt: asn1.generalizedTime(OCSP_NOW),
    responses: [singleAnswer()],
    extensions: [],
    signatureAlgorithm: signatureAlgorithmIdentifier('ecdsa-sha256'),
    certificates: [OCSP_RESPONDER],
    ...overrides,
  };
  const { extensions } = parts;
  const tbsResponseData = asn1.sequence(
    parts.responderId,
    parts.producedAt,
    asn1.sequence(...parts.responses),
    extensions.length > 0
      ? asn1.explicit(1, asn1.sequence(...extensions.map(encodeExtension)))
      : Buffer.alloc(0),
  );
  return encodeOcspResponse({
    tbsResponseData,
    signatureAlgorithm: parts.signatureAlgorithm,
    signature: Buffer.alloc(70, 0x30),
    certificates: parts.certificates.map(({ bytes }) => bytes),
  });
}

/** What a rule is given: the response, and only those other facts that the test is about. */
export function lintedOcsp(
  overrides: Partial<OcspParts> = {},
  facts: Omit<LintedOcspResponse, 'response'> = {},
): LintedOcspResponse {
  return { response: parseOcspResponse(lintOcspBytes(overrides)), ...facts };
}

/** A response that only says why there is none. */
export const TRY_LATER: LintedOcspResponse = { response: { status: 'tryLater' } };
