import type { AuditActor } from '../../audit/audit-event.ts';
import { parseCertificationRequest } from '../../pki/certification-request.ts';
import type { OfficeHouse } from '../offices/office-house.ts';
import type { OfficerChange } from '../offices/officer-change.ts';

/** Issues what two officers have agreed on, or finds it again, and notes whose it is. Nothing is issued to a removed officer. */
export async function issueConfirmed(
  house: OfficeHouse,
  change: Extract<OfficerChange, { kind: 'certify' }>,
  actor: AuditActor,
): Promise<void> {
  const { id: changeId, officerId, officeId, certificationRequest, decidedBy } = change;
  const [officer, office] = await house.transactions.transaction(async (tx) => [
    await house.officers.findOfficer(tx, officerId),
    await house.offices.find(tx, officeId),
  ]);
  if (!officer || !office || !decidedBy) return;
  const { subjectPublicKeyInfo } = parseCertificationRequest(certificationRequest);
  const confirmed = { changeId, requestedBy: officerId, confirmedBy: decidedBy };
  const sha256 = await house.officerCertifier.issue(
    { officer, office, subjectPublicKeyInfo },
    confirmed,
    actor,
  );
  await house.transactions.transaction((tx) =>
    house.officerCertificates.insert(tx, sha256, officerId, changeId),
  );
}

/** Completes what a crash left between confirming and issuing. */
export async function issueUnfinished(house: OfficeHouse, actor: AuditActor): Promise<void> {
  for (const id of await house.officerCertificates.unfinished()) {
    const change = await house.transactions.transaction((tx) => house.officerChanges.lock(tx, id));
    if (change?.kind === 'certify') await issueConfirmed(house, change, actor);
  }
}
