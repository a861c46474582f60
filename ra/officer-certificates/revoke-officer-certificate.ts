import { actorOf } from '../officer.ts';
import type { Officer, OfficerId } from '../officer.ts';
import { managed } from '../offices/manage-offices.ts';
import type { OfficeHouse } from '../offices/office-house.ts';
import { RaError } from '../ra-error.ts';
import { recordOfOfficer } from '../sign-in.ts';
import type { OfficerCertificate } from './officer-certificate-store.ts';
import type { OfficerRevocationReason } from './officer-certifier.ts';

export interface OfficerRevocation {
  officerId: OfficerId;
  authorityId: string;
  serialNumber: Buffer;
  reason: OfficerRevocationReason;
}

/** The certificates of an officer whom the other has a say about, newest first. */
export async function certificatesOf(
  house: OfficeHouse,
  officer: Officer,
  id: OfficerId,
): Promise<OfficerCertificate[]> {
  await managed(house, officer, id);
  return house.officerCertificates.listOf(id);
}

/**
 * Ends one certificate of an officer, e.g. a lost token, and every session of theirs; the officer stays. One is enough: rights are taken
 * away, none is given. Resolves when OCSP shows it. Throws RaError `certificate-not-found`,
 * `officer-unknown` or `role-missing`.
 */
export async function revokeOfficerCertificate(
  house: OfficeHouse,
  officer: Officer,
  { officerId, authorityId, serialNumber, reason }: OfficerRevocation,
): Promise<void> {
  const found = await certificatesOf(house, officer, officerId);
  const certificate = found.find(
    (one) => one.authorityId === authorityId && one.serialNumber.equals(serialNumber),
  );
  if (!certificate) throw new RaError('certificate-not-found', 'this officer has no such certificate');
  if (certificate.isGood) await house.officerCertifier.revoke(certificate, reason, actorOf(officer));
  // After a crash in between, whoever does it again ends the sessions.
  await house.transactions.transaction(async (tx) => {
    const sessions = await house.offices.endSessions(tx, officerId, house.clock.now());
    await recordOfOfficer(house, tx, actorOf(officer), 'revoke-officer-certificate', officerId, {
      certificate: `${authorityId}/${serialNumber.toString('hex')}`,
      reason,
      sessions: String(sessions),
    });
  });
}
