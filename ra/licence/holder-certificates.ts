import type { CouncilNumber } from '../../core/council-number.ts';
import type { NationalId } from '../../core/national-id.ts';
import type { Transaction } from '../../core/transaction.ts';
import type { StatusEvent } from '../../pki/certificate-status.ts';
import { EFFECTS } from './licence-event.ts';
import type { LicenceEffect, LicenceStanding } from './licence-event.ts';

/** A certificate that has not expired, with the last row of its history. */
export interface HolderCertificate {
  authorityId: string;
  serialNumber: Buffer;
  profileId: string;
  nationalId: NationalId;
  lastEvent: StatusEvent;
  lastChangeNumber: number;
  /** Whether a suspended licence is among the causes that stand. */
  isHeldByCouncil: boolean;
}

/** A certificate that is better than its holder's licence. */
export interface CertificateOutOfLine extends HolderCertificate {
  /** Of the licence, whose holder need not be the one of the certificate: a death ends what stands under other numbers too. */
  councilNumber: CouncilNumber;
  licenceNationalId: NationalId;
  standing: LicenceStanding;
  messageId: string;
}

export interface HolderCertificates {
  ofCouncilNumber(tx: Transaction, councilNumber: CouncilNumber, now: Date): Promise<HolderCertificate[]>;
  ofPerson(tx: Transaction, nationalId: NationalId, now: Date): Promise<HolderCertificate[]>;
  /** Certificates that were issued at the moment when their licence was suspended or ended. */
  outOfLine(now: Date, limit: number): Promise<CertificateOutOfLine[]>;
}

/** What changes by order of the Council say of themselves. */
export const COUNCIL_ORDER = 'council-order:';

/**
 * What a standing asks of a certificate; undefined: it is in line. The Council lifts its own cause only: a card that is lost
 * beside it stays on hold.
 */
export function effectOn(
  standing: LicenceStanding,
  { lastEvent, isHeldByCouncil }: Pick<HolderCertificate, 'lastEvent' | 'isHeldByCouncil'>,
): LicenceEffect | undefined {
  const applies: Record<LicenceEffect['event'], boolean> = {
    released: lastEvent === 'held' && isHeldByCouncil,
    held: lastEvent !== 'revoked' && !(lastEvent === 'held' && isHeldByCouncil),
    revoked: lastEvent !== 'revoked',
  };
  const effect = EFFECTS[standing];
  return applies[effect.event] ? effect : undefined;
}
