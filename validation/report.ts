import type { RevocationReason } from '../pki/revocation-reason.ts';
import type { BaselineLevel } from './baseline-level.ts';
import type { LevelJudgement } from './judge-level.ts';
import type {
  PresentedTimeStamp,
  SignatureFormat,
  SignaturePackaging,
  SignedProperties,
} from './presented-signature.ts';
import type { ProofOfExistence } from './proof-of-existence.ts';
import type { Reason } from './reason.ts';
import type { RuleOutcome } from './rules/rule.ts';
import type { SignerIdentity } from './signer-identity.ts';
import type { Indication } from './verdict.ts';
import type { CryptographicVerdict } from './verify-signature.ts';

// The report as JSON: times are RFC 3339 in UTC, numbers of certificates lower-case hexadecimal.

/** The verdict over everything that was handed in: the gravest of its signatures'. */
export interface ValidationReport {
  indication: Indication;
  /** Absent exactly when the indication is TOTAL-PASSED. */
  subIndication?: string;
  cryptographic: CryptographicVerdict;
  reasons: Reason[];
  /** Id of the policy that was applied. */
  policy: string;
  validatedAt: string;
  /** What the relying party says of when the document existed at the latest; time stamps are of each signature. */
  proofOfExistence: ProofSummary;
  signatures: SignatureReport[];
}

/** When something existed at the latest, and how that is known. */
export interface ProofSummary {
  at: string;
  source: ProofOfExistence['source'];
}

/** One signer's signature. */
export interface SignatureReport {
  /** Names it within its document. */
  id: string;
  indication: Indication;
  subIndication?: string;
  /** Whether the signature is genuine, whoever made it and whether or not we know its issuer. */
  cryptographic: CryptographicVerdict;
  reasons: Reason[];
  /** CAdES, JAdES, XAdES when the signature binds its certificate by hash, else CMS, JWS, XML-DSig. */
  format: SignatureFormat;
  packaging: SignaturePackaging;
  /** The baseline level that it reaches, and what is missing for the next. */
  level: LevelSummary;
  /** Best-signature-time (EN 319 102-1 §5.5.4): the earliest moment that is proven. */
  bestSignatureTime: ProofSummary;
  /** Digest and scheme, e.g. `sha256` and `ecdsa`; absent when unknown to us. */
  algorithms?: { digest: string; scheme: string };
  /** What the signer claims; it proves nothing. */
  claimedSigningTime?: string;
  signedProperties?: SignedProperties;
  signer?: SignerIdentity;
  certificate?: CertificateSummary;
  /** Subjects of the issuing CAs up to the trust anchor; absent when no path was found. */
  issuers?: string[];
  /** Status of the signer's certificate from the deployment's history; absent when it was not to be had. */
  status?: { atProofOfExistence: StatusSummary; now: StatusSummary };
  rules: { rule: string; outcome: RuleOutcome['outcome']; detail: string }[];
  timeStamps: TimeStampReport[];
  /** Signatures over this signature, with verdicts of their own, which are not in that of the document. */
  counterSignatures: SignatureReport[];
  /** What time stamps prove to have existed beside the signature; empty without archive time stamps. */
  proofs: ObjectProof[];
}

export interface LevelSummary {
  /** Absent: not even B-B. */
  reached?: BaselineLevel;
  missing?: LevelJudgement['missing'];
}

/** One time stamp, judged as of the moment at which it is itself proven to exist. */
export interface TimeStampReport {
  kind: PresentedTimeStamp['kind'];
  indication: Indication;
  subIndication?: string;
  reasons: Reason[];
  /** When it is proven to exist: now, or where a later time stamp covers it, then. */
  provenAt: string;
  /** What it says; absent with all that follows when it cannot be read. */
  genTime?: string;
  accuracyMilliseconds?: number;
  serialNumber?: string;
  policy?: string;
  /** Object identifier of the digest. */
  digestOid?: string;
  /** Of the authority; absent when its certificate is not known. */
  authority?: { subject: string; certificate: CertificateSummary };
  issuers?: string[];
}

export interface ObjectProof {
  /** SHA-256 over a certificate, CRL, OCSP response or time-stamp token. */
  sha256: string;
  at: string;
}

export interface CertificateSummary {
  serialNumber: string;
  issuer: string;
  notBefore: string;
  notAfter: string;
  /** SHA-256 over the certificate. */
  fingerprint: string;
}

export interface StatusSummary {
  status: 'good' | 'on-hold' | 'revoked';
  since?: string;
  reason?: RevocationReason;
  invalidityDate?: string;
}
