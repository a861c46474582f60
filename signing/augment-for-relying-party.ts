import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../core/clock.ts';
import type { TransactionRunner } from '../core/transaction.ts';
import { augmentSignature } from './augment-signature.ts';
import type { Augmentation } from './augment-signature.ts';
import { SESSION_ACTOR } from './sessions/session.ts';

export interface AugmentationHouse extends Pick<Augmentation, 'timeStamper' | 'material'> {
  audit: AuditLog;
  transactions: TransactionRunner;
  clock: Clock;
}

export type AugmentationRequest = Pick<Augmentation, 'level' | 'content' | 'digest'> & {
  /** Absent: what the octets look like. */
  format?: string;
};

/**
 * Lifts a signature for somebody under contract; nothing of it is kept, and the event says only how large it was. Throws what
 * `augmentSignature` throws.
 */
export async function augmentForRelyingParty(
  { timeStamper, material, audit, transactions, clock }: AugmentationHouse,
  relyingPartyId: string,
  document: Buffer,
  request: AugmentationRequest,
): Promise<{ format: string; signature: Buffer }> {
  const augmented = await augmentSignature(document, { ...request, timeStamper, material });
  await transactions.transaction((tx) =>
    audit.record(tx, {
      at: clock.now(),
      actor: SESSION_ACTOR,
      action: 'augment-signature',
      outcome: 'accepted',
      subject: `relying-party:${relyingPartyId}`,
      details: { format: augmented.format, level: request.level, octets: document.length },
    }),
  );
  return augmented;
}
