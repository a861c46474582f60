import type { AuditActor } from '../audit/audit-event.ts';
import { unreachable } from '../core/errors.ts';
import type { Transaction, TransactionRunner } from '../core/transaction.ts';
import type { StatusChange } from '../pki/certificate-status.ts';
import type { CertificateDirectory, CertificateRecord } from './certificate-directory.ts';
import { OFFICER_CAUSES } from './holds/hold-cause.ts';
import type { HoldCause, OfficerCause } from './holds/hold-cause.ts';
import type { HoldHouse } from './holds/hold-house.ts';
import { layHold } from './holds/lay-hold.ts';
import { liftHold } from './holds/lift-hold.ts';
import { assertLicenceActive } from './licence/assert-licence-active.ts';
import type { LicenceStore } from './licence/licence-store.ts';
import { actorOf, assertRole, seesAllOffices } from './officer.ts';
import type { Officer, Role } from './officer.ts';
import { RaError } from './ra-error.ts';
import type { StatusChangeRequest } from './status-change-request.ts';

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

export interface StatusChangeHouse extends HoldHouse {
  directory: CertificateDirectory;
  licences: Pick<LicenceStore, 'standingsOf'>;
  transactions: TransactionRunner;
}

/** What an officer asks for; `cause`: of a hold, or the one that is lifted; absent: `lost`, or all that officers may lift. */
export type OfficerStatusRequest = Omit<StatusChangeRequest, 'requestedBy'> & { cause?: OfficerCause };

/** The newest change of the certificate, and why it is on hold if it is. */
export interface StatusChangeOutcome {
  change: StatusChange;
  causes: HoldCause[];
}

/**
 * Holds, releases or revokes one certificate of the officer's office; resolves when OCSP shows it. A certificate stays on hold as
 * long as one cause stands, and the Council's cause is the Council's to lift. Throws RaError `certificate-not-found`,
 * `licence-not-active` or `card-not-written`.
 */
export async function changeCertificateStatus(
  house: StatusChangeHouse,
  officer: Officer,
  request: OfficerStatusRequest,
): Promise<StatusChangeOutcome> {
  assertRole(officer, STATUS_ROLES[request.event]);
  const { authorityId, serialNumber } = request;
  const record = await visibleCertificate(house.directory, officer, authorityId, serialNumber);
  const outcome = await house.transactions.transaction((tx) =>
    changeIn(house, tx, actorOf(officer), { ...request, requestedBy: `officer:${officer.id}` }),
  );
  // Nothing was lifted, because no cause stood that an officer may lift.
  if (!outcome) {
    const causes = await house.holds.causesOf(authorityId, serialNumber);
    if (causes.some((one) => one.cause === 'unconfirmed'))
      throw new RaError('card-not-written', 'the certificate is on hold until it is on its holder’s card');
    await assertLicenceActive(house.licences, record.applicant);
    throw new RaError('licence-not-active', 'the certificate is on hold by order of the Medical Council');
  }
  await house.holderStatus.whenVisible();
  return outcome;
}

async function changeIn(
  house: StatusChangeHouse,
  tx: Transaction,
  actor: AuditActor,
  { cause, ...request }: OfficerStatusRequest & { requestedBy: string },
): Promise<StatusChangeOutcome | undefined> {
  switch (request.event) {
    case 'held':
      return layHold(house, tx, { ...request, cause: cause ?? 'lost' }, actor);
    case 'released': {
      const causes = cause ? [cause] : OFFICER_CAUSES;
      const lifted = await liftHold(house, tx, { ...request, causes }, actor);
      if (lifted.kind === 'released') return { change: lifted.change, causes: [] };
      return lifted.lifted === 0 ? undefined : { change: lifted.change, causes: lifted.causes };
    }
    case 'revoked':
      return { change: await house.holderStatus.changeStatusIn(tx, request, actor), causes: [] };
    default:
      return unreachable(request.event);
  }
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
