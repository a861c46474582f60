import type { CouncilNumber } from '../../core/council-number.ts';
import type { NationalId } from '../../core/national-id.ts';
import type { Transaction } from '../../core/transaction.ts';
import type { StatusChange, StatusEvent } from '../../pki/certificate-status.ts';
import type { AuditActor } from '../../audit/audit-event.ts';
import type { StatusChangeRequest } from '../change-certificate-status.ts';
import { EFFECTS } from './licence-event.ts';
import type { LicenceEffect, LicenceStanding } from './licence-event.ts';

/** A certificate that has not expired, with the last row of its history. */
export interface HolderCertificate {
  authorityId: string;
  serialNumber: Buffer;
  nationalId: NationalId;
  lastEvent: StatusEvent;
  lastChangeNumber: number;
  lastEffectiveAt: Date;
  /** Who asked for the last change. */
  requestedBy: string;
}

export interface HolderCertificates {
  ofCouncilNumber(tx: Transaction, councilNumber: CouncilNumber, now: Date): Promise<HolderCertificate[]>;
  ofPerson(tx: Transaction, nationalId: NationalId, now: Date): Promise<HolderCertificate[]>;
  /** Certificates that are better than their holder's licence: issued at the moment when it was suspended or ended. */
  outOfLine(
    now: Date,
    limit: number,
  ): Promise<(HolderCertificate & { standing: LicenceStanding; messageId: string })[]>;
  /** Certificates whose hold, the Council's aside, took effect at or before a moment and stands. */
  heldSince(moment: Date, now: Date, limit: number): Promise<HolderCertificate[]>;
}

/** Declared here, satisfied by a certification authority. */
export interface HolderStatusChanger {
  /**
   * Holds, releases or revokes with its event in the caller's transaction. `after` is the number of the change that must still
   * be the certificate's last: rejects when it is not.
   */
  changeStatusIn(
    tx: Transaction,
    request: StatusChangeRequest & { after: number },
    actor: AuditActor,
  ): Promise<StatusChange>;
  /** Resolves when every change that is durable now can be seen from outside. */
  whenVisible(): Promise<void>;
}

/** What changes by order of the Council say of themselves. */
export const COUNCIL_ORDER = 'council-order:';

/**
 * What a standing asks of a certificate; undefined: it is in line. A hold that the Council has not laid on it, for a lost card,
 * is not the Council's to lift.
 */
export function effectOn(
  standing: LicenceStanding,
  { lastEvent, requestedBy }: Pick<HolderCertificate, 'lastEvent' | 'requestedBy'>,
): LicenceEffect | undefined {
  const isHeldByCouncil = lastEvent === 'held' && requestedBy.startsWith(COUNCIL_ORDER);
  const isGood = lastEvent === 'issued' || lastEvent === 'released';
  const applies: Record<LicenceEffect['event'], boolean> = {
    released: isHeldByCouncil,
    held: isGood,
    revoked: lastEvent !== 'revoked',
  };
  const effect = EFFECTS[standing];
  return applies[effect.event] ? effect : undefined;
}
