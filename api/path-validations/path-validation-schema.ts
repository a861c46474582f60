import { Type } from 'typebox';

import { KEY_USAGES } from '../../pki/extensions/key-usage.ts';
import { REASON_CODES } from '../../validation/reason.ts';
import type { ReasonCode } from '../../validation/reason.ts';
import { Instant } from '../schemas.ts';

/** Of one certificate, CRL or OCSP response; a CRL with 100,000 entries fits. */
const ITEM_CHARACTERS_MAX = 6_000_000;

/** Base64 or PEM. One class of characters: nothing to backtrack over. */
const Encoded = (description: string) =>
  Type.String({
    minLength: 4,
    maxLength: ITEM_CHARACTERS_MAX,
    pattern: '^[A-Za-z0-9+/=\\s-]+$',
    description,
  });

const ObjectIdentifier = Type.String({ maxLength: 200, pattern: '^[0-2](\\.(0|[1-9][0-9]{0,38}))+$' });

const Flag = (description: string) => Type.Boolean({ default: false, description });

export const PathValidationBody = Type.Object(
  {
    certificate: Encoded('The certificate that is asked about, base64 of DER, or PEM'),
    intermediates: Type.Array(Encoded('A certificate, base64 of DER, or PEM'), {
      maxItems: 1000,
      default: [],
      description: 'Certificates of CAs and of signers of CRLs, in any order; superfluous ones do no harm',
    }),
    trustAnchors: Type.Optional(
      Type.Array(Encoded('A certificate, base64 of DER, or PEM'), {
        minItems: 1,
        maxItems: 100,
        description: "Whom the caller trusts; absent: this deployment's own roots",
      }),
    ),
    at: Type.Optional(Type.String({ ...Instant, description: 'The moment to validate for; absent: now' })),
    crls: Type.Array(Encoded('A CertificateList, base64 of DER, or PEM'), { maxItems: 500, default: [] }),
    ocspResponses: Type.Array(Encoded('An OCSPResponse or BasicOCSPResponse, base64 of DER'), {
      maxItems: 500,
      default: [],
    }),
    revocation: Type.Enum(['required', 'if-available', 'none'], {
      default: 'required',
      description:
        'required: a status that is not to be had leaves the verdict indeterminate; if-available: a certificate of which no CRL and no OCSP response speaks is let through; none: nothing is asked',
    }),
    initialPolicies: Type.Optional(
      Type.Array(ObjectIdentifier, {
        minItems: 1,
        maxItems: 100,
        description: 'user-initial-policy-set (RFC 5280 §6.1.1); absent: any policy',
      }),
    ),
    requireExplicitPolicy: Flag('initial-explicit-policy'),
    inhibitPolicyMapping: Flag('initial-policy-mapping-inhibit'),
    inhibitAnyPolicy: Flag('initial-any-policy-inhibit'),
    keyUsages: Type.Array(Type.Enum([...KEY_USAGES]), {
      maxItems: 9,
      default: [],
      description: 'Key usages that the certificate must have',
    }),
    extendedKeyUsages: Type.Array(ObjectIdentifier, {
      maxItems: 20,
      default: [],
      description: 'Purposes that the certificate must have, and its CAs where they are limited to purposes',
    }),
    algorithms: Type.Enum(['policy', 'any'], {
      default: 'policy',
      description:
        "policy: digests and keys must satisfy this deployment's policy at the moment of validation; any: whatever can be verified",
    }),
  },
  { additionalProperties: false },
);

const PathMember = Type.Object({
  subject: Type.Optional(Type.String({ description: 'Absent of the first, which may name a person' })),
  issuer: Type.String(),
  serialNumber: Type.String({ description: 'Hexadecimal' }),
  notBefore: Instant,
  notAfter: Instant,
  fingerprint: Type.String({ description: 'SHA-256 over the certificate, hexadecimal' }),
  status: Type.Optional(
    Type.Object(
      {
        status: Type.Enum(['good', 'revoked', 'on-hold', 'unknown']),
        source: Type.Optional(Type.Enum(['crl', 'ocsp', 'history'])),
        thisUpdate: Type.Optional(Instant),
        revokedAt: Type.Optional(Instant),
        reason: Type.Optional(Type.String({ examples: ['keyCompromise'] })),
        invalidityDate: Type.Optional(Instant),
      },
      { description: 'Absent of the trust anchor, and where it was not asked' },
    ),
  ),
});

export const PathValidationReport = Type.Object({
  verdict: Type.Enum(['valid', 'invalid', 'indeterminate'], {
    description:
      'invalid: something speaks against the certificate; indeterminate: something to judge by is missing',
  }),
  indication: Type.Enum(['PASSED', 'FAILED', 'INDETERMINATE'], { description: 'ETSI EN 319 102-1 §5.2.6' }),
  subIndication: Type.Optional(
    Type.String({
      description: 'Absent exactly when the indication is PASSED',
      examples: ['CERTIFICATE_CHAIN_GENERAL_FAILURE'],
    }),
  ),
  reasons: Type.Array(
    Type.Object({
      code: Type.Unsafe<ReasonCode>(Type.Enum(REASON_CODES, { description: 'Stable code of the reason' })),
      text: Type.String(),
    }),
  ),
  validatedFor: Instant,
  path: Type.Optional(
    Type.Array(PathMember, {
      description:
        'The certificate first, the trust anchor last: the valid path, else the likeliest one; absent: none leads to an anchor',
    }),
  ),
  policies: Type.Array(Type.String(), {
    description:
      'user-constrained-policy-set (RFC 5280 §6.1.6) of a valid path; 2.5.29.32.0 stands for any policy',
  }),
});
