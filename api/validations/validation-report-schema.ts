import { Type } from 'typebox';

import { REASON_CODES } from '../../validation/reason.ts';
import type { ReasonCode } from '../../validation/reason.ts';
import { Instant } from '../schemas.ts';

const Verdict = {
  indication: Type.Enum(['TOTAL-PASSED', 'TOTAL-FAILED', 'INDETERMINATE'], {
    description: 'ETSI EN 319 102-1 §5.1.3',
  }),
  subIndication: Type.Optional(
    Type.String({
      description: 'Absent exactly when the indication is TOTAL-PASSED',
      examples: ['REVOKED_NO_POE'],
    }),
  ),
  cryptographic: Type.Enum(['PASSED', 'FAILED', 'NOT_CHECKED'], {
    description:
      'Whether the signature is genuine, whoever made it and whether or not its issuer is known here',
  }),
  reasons: Type.Array(
    Type.Object({
      code: Type.Unsafe<ReasonCode>(Type.Enum(REASON_CODES, { description: 'Stable code of the reason' })),
      text: Type.String(),
    }),
    { description: 'What speaks against the signature, and what explains the verdict' },
  ),
};

const StatusSummary = Type.Object({
  status: Type.Enum(['good', 'on-hold', 'revoked']),
  since: Type.Optional(Instant),
  reason: Type.Optional(Type.String({ examples: ['certificateHold', 'keyCompromise'] })),
  invalidityDate: Type.Optional(Instant),
});

const Signer = Type.Object({
  name: Type.Optional(Type.String()),
  givenName: Type.Optional(Type.String()),
  surname: Type.Optional(Type.String()),
  commonName: Type.Optional(Type.String()),
  nationalIdMasked: Type.Optional(Type.String({ examples: ['999*****12'] })),
  councilNumber: Type.Optional(Type.String({ description: 'registrationNumber of the Admission extension' })),
  profession: Type.Optional(Type.String({ examples: ['physician'] })),
  professionTitles: Type.Array(Type.String()),
  professionOids: Type.Array(Type.String()),
});

const CertificateSummary = Type.Object({
  serialNumber: Type.String({ description: 'Hexadecimal' }),
  issuer: Type.String(),
  notBefore: Instant,
  notAfter: Instant,
  fingerprint: Type.String({ description: 'SHA-256 over the certificate, hexadecimal' }),
});

const SignatureReport = Type.Object({
  ...Verdict,
  format: Type.Enum(['CAdES', 'CMS', 'PAdES', 'JAdES', 'JWS', 'XAdES', 'XML-DSig']),
  packaging: Type.Enum(['enveloping', 'enveloped', 'detached']),
  algorithms: Type.Optional(Type.Object({ digest: Type.String(), scheme: Type.String() })),
  claimedSigningTime: Type.Optional(
    Type.String({ format: 'date-time', description: "The signer's claim; no proof" }),
  ),
  signer: Type.Optional(Signer),
  certificate: Type.Optional(CertificateSummary),
  issuers: Type.Optional(Type.Array(Type.String(), { description: 'Issuing CAs up to the trust anchor' })),
  status: Type.Optional(Type.Object({ atProofOfExistence: StatusSummary, now: StatusSummary })),
  rules: Type.Array(
    Type.Object({
      rule: Type.String(),
      outcome: Type.Enum(['passed', 'failed', 'not-applicable']),
      detail: Type.String(),
    }),
  ),
});

/** JSON form of validation/report.ts. */
export const ValidationReportSchema = Type.Object({
  ...Verdict,
  policy: Type.String(),
  validatedAt: Instant,
  proofOfExistence: Type.Object({ at: Instant, source: Type.Enum(['receipt-time', 'validation-time']) }),
  signatures: Type.Array(SignatureReport),
});
