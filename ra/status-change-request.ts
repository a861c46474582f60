import type { RevocationReason } from '../pki/revocation-reason.ts';

/** What becomes of a certificate's status, by whose order. */
export interface StatusChangeRequest {
  authorityId: string;
  serialNumber: Buffer;
  event: 'held' | 'released' | 'revoked';
  reason?: RevocationReason;
  invalidityDate?: Date;
  requestedBy: string;
}
