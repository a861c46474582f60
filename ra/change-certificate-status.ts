import type { RevocationReason } from '../pki/revocation-reason.ts';
import type { AuditActor } from '../audit/audit-event.ts';
import type { StatusChange } from '../pki/certificate-status.ts';
import type { CertificateDirectory, CertificateRecord } from './certificate-directory.ts';
import { assertLicenceActive } from './licence/assert-licence-active.ts';
import type { LicenceStore } from './licence/licence-store.ts';
import { actorOf, assertRole, seesAllOffices } from './officer.ts';
import type { Officer, Role } from './officer.ts';
import { RaError } from './ra-error.ts';

export interface StatusChangeRequest {
  authorityId: string;
  serialNumber: Buffer;
  event: 'held' | 'released' | 'revoked';
  reason?: RevocationReason;
  invalidityDate?: Date;
  requestedBy: string;
}

/** Declared here, satisfied by a certification authority: resolves when the change is durable and visible. */
export interface CertificateStatusChanger {
  changeStatus(request: StatusChangeRequest, actor: AuditActor): Promise<StatusChange>;
}

/** A clerk may block a lost card at once; undoing that, and ending a certificate, is for the CA's operators. */
export const STATUS_ROLES: Record<StatusChangeRequest['event'], readonly Role[]> = {
  held: ['clerk', 'ca-operator'],
  released: ['ca-operator'],
  revoked: ['ca-operator'],
};

export interface StatusChangeHouse {
  directory: CertificateDirectory;
  changer: CertificateStatusChanger;
  licences: Pick<LicenceStore, 'standingsOf'>;
}

/**
 * Holds, releases or revokes one certificate of the officer's office. While the Medical Council has the licence suspended nobody
 * but the Council releases. Throws RaError `certificate-not-found` or `licence-not-active`.
 */
export async function changeCertificateStatus(
  house: StatusChangeHouse,
  officer: Officer,
  request: Omit<StatusChangeRequest, 'requestedBy'>,
): Promise<StatusChange> {
  assertRole(officer, STATUS_ROLES[request.event]);
  const { authorityId, serialNumber } = request;
  const { applicant } = await visibleCertificate(house.directory, officer, authorityId, serialNumber);
  if (request.event === 'released') await assertLicenceActive(house.licences, applicant);
  return house.changer.changeStatus({ ...request, requestedBy: `officer:${officer.id}` }, actorOf(officer));
}

/** A certificate that the officer may see; one of another office does not exist for them. */
export async function visibleCertificate(
  directory: CertificateDirectory,
  officer: Officer,
  authorityId: string,
  serialNumber: Buffer,
): Promise<CertificateRecord> {
  const record = await directory.find(authorityId, serialNumber);
  if (record && (record.officeId === officer.officeId || seesAllOffices(officer))) return record;
  throw new RaError('certificate-not-found', 'no such certificate');
}
