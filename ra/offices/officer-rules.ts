import type { OfficeId, Officer, Role } from '../officer.ts';
import { assertRole } from '../officer.ts';
import { RaError } from '../ra-error.ts';

/** Who has a say about officers at all. */
export const OFFICER_MANAGEMENT_ROLES = ['office-manager', 'ca-operator', 'security-officer'] as const;

/** Who has a say about officers of every office, and about each other. */
const HOUSE_MANAGEMENT_ROLES = ['ca-operator', 'security-officer'] as const;

/** What an office manager may give and take. */
const OFFICE_ROLES: readonly Role[] = ['clerk', 'approving-officer', 'office-manager'];

/** Throws RaError `role-missing` unless the officer has a say about somebody of that office with those roles. */
export function assertMayManage(officer: Officer, officeId: OfficeId, roles: readonly Role[]): void {
  assertRole(officer, OFFICER_MANAGEMENT_ROLES);
  if (managesEveryOffice(officer)) return;
  if (officer.officeId !== officeId) throw new RaError('officer-unknown', 'no such officer');
  if (roles.some((role) => !OFFICE_ROLES.includes(role)))
    throw new RaError('role-missing', `this needs the role ${HOUSE_MANAGEMENT_ROLES.join(' or ')}`);
}

export function managesEveryOffice(officer: Officer): boolean {
  const every: readonly Role[] = HOUSE_MANAGEMENT_ROLES;
  return officer.roles.some((role) => every.includes(role));
}

/**
 * Whoever manages an office does not approve its cases, neither under another name. `samePerson`: the person's other officers
 * in the office. Throws RaError `roles-incompatible`.
 */
export function assertCompatible(roles: readonly Role[], samePerson: readonly Officer[]): void {
  const all = new Set([...roles, ...samePerson.flatMap((officer) => officer.roles)]);
  if (all.has('office-manager') && all.has('approving-officer'))
    throw new RaError('roles-incompatible', 'whoever manages an office cannot approve there');
}
