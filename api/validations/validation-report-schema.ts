import { Type } from 'typebox';

import { BASELINE_LEVELS } from '../../validation/baseline-level.ts';
import { REASON_CODES } from '../../validation/reason.ts';
import type { ReasonCode } from '../../validation/reason.ts';
import type { SignatureReport } from '../../validation/report.ts';
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

const ProofSummary = Type.Object(
  { at: Instant, source: Type.Enum(['receipt-time', 'time-stamp', 'validation-time']) },
  { description: 'When it existed at the latest, and how that is known' },
);

const Level = Type.Enum([...BASELINE_LEVELS]);

const TimeStampReport = Type.Object({
  kind: Type.Enum(['content', 'signature', 'archive', 'document']),
  indication: Verdict.indication,
  subIndication: Verdict.subIndication,
  reasons: Verdict.reasons,
  provenAt: Type.String({
    ...Instant,
    description: 'When the token itself is proven to exist; it is judged as of then',
  }),
  genTime: Type.Optional(Instant),
  accuracyMilliseconds: Type.Optional(Type.Number()),
  serialNumber: Type.Optional(Type.String({ description: 'Hexadecimal' })),
  policy: Type.Optional(Type.String()),
  digestOid: Type.Optional(Type.String()),
  authority: Type.Optional(Type.Object({ subject: Type.String(), certificate: CertificateSummary })),
  issuers: Type.Optional(Type.Array(Type.String())),
});

const SignedProperties = Type.Object(
  {
    signaturePolicy: Type.Optional(Type.String()),
    commitmentTypes: Type.Optional(Type.Array(Type.String())),
    claimedRoles: Type.Optional(Type.Array(Type.String())),
    productionPlace: Type.Optional(Type.String()),
    mediaType: Type.Optional(Type.String()),
    contentHint: Type.Optional(Type.String()),
  },
  { description: 'What the signer said beside the content; no proof' },
);

const signatureFields = {
  id: Type.String({ description: 'Names the signature within its document' }),
  ...Verdict,
  format: Type.Enum(['CAdES', 'CMS', 'PAdES', 'JAdES', 'JWS', 'XAdES', 'XML-DSig']),
  packaging: Type.Enum(['enveloping', 'enveloped', 'detached']),
  level: Type.Object(
    {
      reached: Type.Optional(Level),
      missing: Type.Optional(Type.Object({ level: Level, text: Type.String() })),
    },
    { description: 'The baseline level that is reached, and what the next one lacks' },
  ),
  bestSignatureTime: ProofSummary,
  algorithms: Type.Optional(Type.Object({ digest: Type.String(), scheme: Type.String() })),
  claimedSigningTime: Type.Optional(
    Type.String({ format: 'date-time', description: "The signer's claim; no proof" }),
  ),
  signedProperties: Type.Optional(SignedProperties),
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
  timeStamps: Type.Array(TimeStampReport),
  proofs: Type.Array(
    Type.Object({
      sha256: Type.String({ description: 'Over a certificate, CRL, OCSP response or time-stamp token' }),
      at: Instant,
    }),
    { description: 'What archive time stamps prove to have existed' },
  ),
};

const CounterSignature = Type.Object({
  ...signatureFields,
  counterSignatures: Type.Array(
    Type.Unsafe<SignatureReport>(
      Type.Object({}, { additionalProperties: true, description: 'The same again, over this one' }),
    ),
  ),
});

const SignatureReportSchema = Type.Object({
  ...signatureFields,
  counterSignatures: Type.Array(CounterSignature, {
    description: 'Signatures over this one; their verdicts are not in that of the document',
  }),
});

/** JSON form of validation/report.ts. */
export const ValidationReportSchema = Type.Object({
  ...Verdict,
  policy: Type.String(),
  validatedAt: Instant,
  proofOfExistence: ProofSummary,
  signatures: Type.Array(SignatureReportSchema),
});
