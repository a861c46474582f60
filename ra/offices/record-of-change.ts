import type { AuditActor } from '../../audit/audit-event.ts';
import type { Transaction } from '../../core/transaction.ts';
import { recordOfOfficer } from '../sign-in.ts';
import type { OfficeHouse } from './office-house.ts';
import type { OfficerChange } from './officer-change.ts';

/** The event of a step of a change, about the officer whom it concerns. */
export function recordOfChange(
  house: Pick<OfficeHouse, 'audit' | 'clock'>,
  tx: Transaction,
  actor: AuditActor,
  action: string,
  change: OfficerChange,
): Promise<void> {
  return recordOfOfficer(house, tx, actor, action, change.officerId, {
    change: change.id,
    kind: change.kind,
    ...('roles' in change && { roles: change.roles.join(' ') }),
  });
}
