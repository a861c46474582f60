import { isUuid } from '../../core/ids.ts';
import type { TransactionRunner } from '../../core/transaction.ts';
import { assertRole, seesAllOffices } from '../../ra/officer.ts';
import type { Officer, OfficerId, Role } from '../../ra/officer.ts';
import type { OfficerStore } from '../../ra/officer-store.ts';
import { RaError } from '../../ra/ra-error.ts';

export interface TwoOfficers {
  filedBy: Officer;
  approvedBy: Officer;
}

/** Roles that file and approve. */
export type TwoRoles = Record<keyof TwoOfficers, readonly Role[]>;

/**
 * The two officers of a campaign, by their ids: two persons, each in their role, and the second one may see what the first
 * files. Throws RaError `officer-unknown`, `four-eyes` or `role-missing`.
 */
export async function findTwoOfficers(
  house: { officers: OfficerStore; database: TransactionRunner },
  ids: Record<keyof TwoOfficers, string>,
  roles: TwoRoles,
): Promise<TwoOfficers> {
  const filedBy = await findOfficer(house, ids.filedBy);
  const approvedBy = await findOfficer(house, ids.approvedBy);
  if (filedBy.id === approvedBy.id)
    throw new RaError('four-eyes', 'whoever files a campaign cannot approve it');
  assertRole(filedBy, roles.filedBy);
  assertRole(approvedBy, roles.approvedBy);
  if (filedBy.officeId !== approvedBy.officeId && !seesAllOffices(approvedBy)) {
    throw new RaError('role-missing', 'the approving officer belongs to another office');
  }
  return { filedBy, approvedBy };
}

async function findOfficer(
  { officers, database }: { officers: OfficerStore; database: TransactionRunner },
  id: string,
): Promise<Officer> {
  const officer = isUuid(id)
    ? await database.transaction((tx) => officers.findOfficer(tx, id as OfficerId))
    : undefined;
  if (!officer) throw new RaError('officer-unknown', `no officer ${id}`);
  return officer;
}
