import type { AttestationVerdict, KeyAttestation } from '../../pki/attestation/key-attestation.ts';

/** Where a key is, by what its device shows: declared here, satisfied by who knows the manufacturers' roots. */
export type AttestationJudge = (asked: {
  attestation: KeyAttestation;
  subjectPublicKeyInfo: Buffer;
  /** What the challenge has to hold: `attestedSubject`. */
  subject: string;
  now: Date;
}) => Promise<AttestationVerdict>;
