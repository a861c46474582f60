import type { AttestationVerdict, KeyAttestation } from '../../pki/attestation/key-attestation.ts';

/** Where a key is, by what its device shows; rejects when that cannot be found out now, and never for what is shown. */
export type JudgeAttestation = (asked: {
  attestation: KeyAttestation;
  subjectPublicKeyInfo: Buffer;
  /** What the challenge has to hold: `attestedSubject`. */
  subject: string;
  now: Date;
}) => Promise<AttestationVerdict>;

/** What the CA itself has found of an attestation, as it stands in the intent and in its event. */
export interface JudgedAttestation {
  /** Of the attestation as it is kept. */
  sha256: Buffer;
  verdict: AttestationVerdict;
}
