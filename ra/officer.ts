import type { AuditActor } from '../audit/audit-event.ts';
import type { Id } from '../core/ids.ts';
import type { NationalId } from '../core/national-id.ts';
import { RaError } from './ra-error.ts';

export type OfficeId = Id<'office'>;
export type OfficerId = Id<'officer'>;

export const OFFICE_KINDS = ['medical-council', 'e-government-counter', 'notary'] as const;

export interface Office {
  id: OfficeId;
  kind: (typeof OFFICE_KINDS)[number];
  name: string;
}

/** Clerk and approver never are one person for one case; managers do not approve. */
export const ROLES = [
  'clerk',
  'approving-officer',
  'office-manager',
  'ca-operator',
  'security-officer',
  'auditor',
] as const;

export type Role = (typeof ROLES)[number];

export interface Officer {
  id: OfficerId;
  officeId: OfficeId;
  name: string;
  roles: readonly Role[];
  /** Where it is known, nobody decides a case about themselves. */
  nationalId?: NationalId;
}

/** Throws RaError `role-missing` unless the officer has one of the roles. */
export function assertRole(officer: Officer, allowed: readonly Role[]): void {
  if (officer.roles.some((role) => allowed.includes(role))) return;
  throw new RaError('role-missing', `this needs the role ${allowed.join(' or ')}`);
}

/** Roles whose work is not bound to one office. */
const HOUSE_ROLES: readonly Role[] = ['ca-operator', 'security-officer', 'auditor'];

/** An officer sees their own office's cases; the CA's own staff sees all. */
export function seesAllOffices(officer: Officer): boolean {
  return officer.roles.some((role) => HOUSE_ROLES.includes(role));
}

export function actorOf(officer: Officer): AuditActor {
  return { kind: 'officer', id: officer.id, officeId: officer.officeId };
}
