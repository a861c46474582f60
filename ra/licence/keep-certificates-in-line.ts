import type { AuditActor } from '../../audit/audit-event.ts';
import { COUNCIL_ORDER, effectOn } from './holder-certificates.ts';
import type { HolderCertificate } from './holder-certificates.ts';
import type { LicenceEffect } from './licence-event.ts';
import { COUNCIL } from './licence-house.ts';
import type { LicenceHouse } from './licence-house.ts';

type House = Pick<
  LicenceHouse,
  'holderCertificates' | 'holderStatus' | 'transactions' | 'clock' | 'onLicenceFailure'
>;

/** Certificates in one round; the next round takes the others. */
const CERTIFICATES_MAX = 200;

/** A hold that nobody has lifted by then becomes a revocation (DOMAIN §4). */
const HOLD_SECONDS_MAX = 7 * 24 * 3600;

const SERVICE: AuditActor = { kind: 'service', id: 'hold-expiry' };

/**
 * Brings certificates in line that were issued, or released, while their holder's licence was being suspended or ended. What
 * fails is reported, for the next round; returns how many were changed.
 */
export async function followStandings(house: House): Promise<number> {
  const found = await house.holderCertificates.outOfLine(house.clock.now(), CERTIFICATES_MAX);
  return changeEach(house, COUNCIL, found, (certificate) => ({
    effect: effectOn(certificate.standing, certificate),
    requestedBy: `${COUNCIL_ORDER}${certificate.messageId}`,
  }));
}

/**
 * Revokes what has been on hold for seven days, the Council's holds aside, which last until the Council ends them. A card that
 * has not been found by then may be in anybody's hands since: keyCompromise, suspected since the hold.
 */
export async function expireHolds(house: House): Promise<number> {
  const now = house.clock.now();
  const oldest = new Date(now.getTime() - HOLD_SECONDS_MAX * 1000);
  const found = await house.holderCertificates.heldSince(oldest, now, CERTIFICATES_MAX);
  return changeEach(house, SERVICE, found, ({ lastEffectiveAt }) => ({
    effect: { event: 'revoked', reason: 'keyCompromise', invalidityDate: lastEffectiveAt },
    requestedBy: 'service:hold-expiry',
  }));
}

interface Wanted {
  effect: (LicenceEffect & { invalidityDate?: Date }) | undefined;
  requestedBy: string;
}

async function changeEach<Found extends HolderCertificate>(
  house: House,
  actor: AuditActor,
  certificates: readonly Found[],
  wantedFor: (certificate: Found) => Wanted,
): Promise<number> {
  let changed = 0;
  for (const certificate of certificates) {
    const { effect, requestedBy } = wantedFor(certificate);
    if (!effect) continue;
    const { authorityId, serialNumber, lastChangeNumber: after } = certificate;
    const request = { authorityId, serialNumber, ...effect, requestedBy, after };
    try {
      await house.transactions.transaction((tx) => house.holderStatus.changeStatusIn(tx, request, actor));
      changed += 1;
    } catch (error) {
      // Somebody released or revoked it at this very moment, or the database is away.
      house.onLicenceFailure(error);
    }
  }
  if (changed > 0) await house.holderStatus.whenVisible();
  return changed;
}
