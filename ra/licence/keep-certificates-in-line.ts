import { COUNCIL_ORDER } from './holder-certificates.ts';
import type { CertificateOutOfLine } from './holder-certificates.ts';
import { followLicence } from './follow-licence.ts';
import type { LicenceHouse } from './licence-house.ts';

/** Certificates in one round; the next round takes the others. */
const CERTIFICATES_MAX = 200;

/**
 * Brings certificates in line that were issued, or released, while their holder's licence was being suspended or ended. What
 * fails is reported, for the next round; returns how many were looked at.
 */
export async function followStandings(house: LicenceHouse): Promise<number> {
  const found = await house.holderCertificates.outOfLine(house.clock.now(), CERTIFICATES_MAX);
  let changed = 0;
  for (const certificate of found) {
    try {
      changed += await follow(house, certificate);
    } catch (error) {
      // Somebody released or revoked it at this very moment, or the database is away.
      house.onLicenceFailure(error);
    }
  }
  if (changed > 0) await house.holderStatus.whenVisible();
  return changed;
}

/** Under the licence's lock: what the Council has said meanwhile counts. */
async function follow(house: LicenceHouse, certificate: CertificateOutOfLine): Promise<0 | 1> {
  const { councilNumber, licenceNationalId: nationalId, messageId } = certificate;
  return house.transactions.transaction(async (tx) => {
    const holder = await house.licences.lockHolder(tx, { councilNumber, nationalId }, house.clock.now());
    if (holder.standing !== certificate.standing) return 0;
    const requestedBy = `${COUNCIL_ORDER}${messageId}`;
    await followLicence(house, tx, holder.standing, certificate, requestedBy);
    return 1;
  });
}
