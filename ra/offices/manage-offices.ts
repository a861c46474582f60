import { newId } from '../../core/ids.ts';
import type { Transaction } from '../../core/transaction.ts';
import { actorOf, assertRole, seesAllOffices } from '../officer.ts';
import type { Office, OfficeId, Officer, OfficerId } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { createLoginLink, loginLinkEnd, recordOfOfficer } from '../sign-in.ts';
import type { OfficeHouse } from './office-house.ts';
import type { OfficerRecord } from './office-store.ts';
import type { OfficerChange, OfficerChangeFilter } from './officer-change.ts';
import { OFFICER_MANAGEMENT_ROLES, assertMayManage, managesEveryOffice } from './officer-rules.ts';

/** Who opens offices. */
export const OFFICE_OPENING_ROLES = ['ca-operator', 'security-officer'] as const;
/** Who reads the lists of officers. */
export const OFFICER_READING_ROLES = [...OFFICER_MANAGEMENT_ROLES, 'auditor'] as const;

/** The officer's own office; all for the CA's own staff. */
export function listOffices({ offices }: OfficeHouse, officer: Officer): Promise<Office[]> {
  return offices.list(seesAllOffices(officer) ? undefined : officer.officeId);
}

export async function openOffice(
  house: OfficeHouse,
  officer: Officer,
  input: Pick<Office, 'kind' | 'name'>,
): Promise<Office> {
  assertRole(officer, OFFICE_OPENING_ROLES);
  const office: Office = { id: newId(house.clock), ...input };
  await house.transactions.transaction(async (tx) => {
    await house.officers.insertOffice(tx, office, house.clock.now());
    await recordOfOffice(house, tx, officer, 'open-office', office.id);
  });
  return office;
}

/** Throws RaError `office-unknown` or `role-missing`. */
export async function renameOffice(
  house: OfficeHouse,
  officer: Officer,
  id: OfficeId,
  name: string,
): Promise<Office> {
  assertRole(officer, OFFICER_MANAGEMENT_ROLES);
  return house.transactions.transaction(async (tx) => {
    const office = await house.offices.find(tx, id);
    if (!office || !(managesEveryOffice(officer) || officer.officeId === id))
      throw new RaError('office-unknown', 'no such office');
    await house.offices.rename(tx, id, name);
    await recordOfOffice(house, tx, officer, 'rename-office', id);
    return { ...office, name };
  });
}

/** Officers of the officer's own office; of any for the CA's own staff. */
export function listOfficers(
  { offices }: OfficeHouse,
  officer: Officer,
  officeId: OfficeId | undefined,
): Promise<OfficerRecord[]> {
  assertRole(officer, OFFICER_READING_ROLES);
  return offices.listOfficers(seesAllOffices(officer) ? officeId : officer.officeId);
}

export function listOfficerChanges(
  { officerChanges }: OfficeHouse,
  officer: Officer,
  filter: Omit<OfficerChangeFilter, 'officeId'>,
): Promise<OfficerChange[]> {
  assertRole(officer, OFFICER_READING_ROLES);
  return officerChanges.list({ ...filter, ...(!seesAllOffices(officer) && { officeId: officer.officeId }) });
}

/**
 * A one-time link for an officer who cannot sign in otherwise: a new one, or one whose passkeys two officers have reset. Whoever
 * has a passkey needs no link, and nobody else shall get one. Throws RaError `officer-unknown` or `officer-has-credentials`.
 */
export async function makeLoginLink(
  house: OfficeHouse,
  officer: Officer,
  id: OfficerId,
): Promise<{ secret: string; expiresAt: Date }> {
  const target = await managed(house, officer, id);
  if (target.removedAt) throw new RaError('officer-unknown', 'no such officer');
  if (id === officer.id) throw new RaError('own-case', 'nobody makes a link for themselves');
  const certificates = await house.officerCertificates.listOf(id);
  if (target.passkeys > 0 || certificates.some(({ isGood }) => isGood))
    throw new RaError(
      'officer-has-credentials',
      'this officer has a passkey or a certificate; when they are lost, two officers reset them first',
    );
  return {
    secret: await createLoginLink(house, id, actorOf(officer)),
    expiresAt: loginLinkEnd(house.clock.now()),
  };
}

/** Ends every session of an officer, at once. */
export async function endSessionsOf(house: OfficeHouse, officer: Officer, id: OfficerId): Promise<void> {
  await managed(house, officer, id);
  await house.transactions.transaction(async (tx) => {
    const ended = await house.offices.endSessions(tx, id, house.clock.now());
    await recordOfOfficer(house, tx, actorOf(officer), 'end-sessions', id, { sessions: String(ended) });
  });
}

/** An officer whom the other may manage; one of another office does not exist. */
export async function managed(house: OfficeHouse, officer: Officer, id: OfficerId): Promise<OfficerRecord> {
  const found = await house.transactions.transaction((tx) => house.offices.lockOfficer(tx, id));
  if (!found) throw new RaError('officer-unknown', 'no such officer');
  assertMayManage(officer, found.officeId, found.roles);
  return found;
}

function recordOfOffice(
  house: OfficeHouse,
  tx: Transaction,
  officer: Officer,
  action: string,
  id: OfficeId,
): Promise<void> {
  return house.audit.record(tx, {
    at: house.clock.now(),
    actor: actorOf(officer),
    action,
    outcome: 'accepted',
    subject: `office:${id}`,
    details: {},
  });
}
