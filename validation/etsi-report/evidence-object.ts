import { digest } from '../../pki/digest-algorithm.ts';

export type EvidenceKind = 'certificate' | 'crl' | 'ocsp-response' | 'time-stamp' | 'signed-data' | 'other';

/** Something that a verdict rests on; a report refers to it by its id. */
export interface EvidenceObject {
  /** Kind and SHA-256, so that one thing is listed once. */
  id: string;
  kind: EvidenceKind;
  bytes: Buffer;
}

export function evidenceObject(kind: EvidenceKind, bytes: Uint8Array): EvidenceObject {
  return { id: evidenceId(kind, digest('sha256', bytes).toString('hex')), kind, bytes: Buffer.from(bytes) };
}

/** `sha256` in hexadecimal. */
export function evidenceId(kind: EvidenceKind, sha256: string): string {
  return `${kind}-${sha256}`;
}
