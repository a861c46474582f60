import type { RevocationReason } from '../pki/revocation-reason.ts';
import type { SignatureFormat, SignaturePackaging } from './presented-signature.ts';
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
  /** When the signature existed at the latest, and how that is known. */
  proofOfExistence: { at: string; source: 'receipt-time' | 'validation-time' };
  signatures: SignatureReport[];
}

/** One signer's signature. */
export interface SignatureReport {
  indication: Indication;
  subIndication?: string;
  /** Whether the signature is genuine, whoever made it and whether or not we know its issuer. */
  cryptographic: CryptographicVerdict;
  reasons: Reason[];
  /** CAdES, JAdES, XAdES when the signature binds its certificate by hash, else CMS, JWS, XML-DSig. */
  format: SignatureFormat;
  packaging: SignaturePackaging;
  /** Digest and scheme, e.g. `sha256` and `ecdsa`; absent when unknown to us. */
  algorithms?: { digest: string; scheme: string };
  /** What the signer claims; it proves nothing. */
  claimedSigningTime?: string;
  signer?: SignerIdentity;
  certificate?: CertificateSummary;
  /** Subjects of the issuing CAs up to the trust anchor; absent when no path was found. */
  issuers?: string[];
  /** Status of the signer's certificate from the deployment's history; absent when it was not to be had. */
  status?: { atProofOfExistence: StatusSummary; now: StatusSummary };
  rules: { rule: string; outcome: RuleOutcome['outcome']; detail: string }[];
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
