import type { Clock } from '../core/clock.ts';
import { newId } from '../core/ids.ts';
import type { TransactionRunner } from '../core/transaction.ts';
import type { Officer, OfficeId, Role } from '../ra/officer.ts';
import type { OfficerStore } from '../ra/officer-store.ts';

const STAFF: readonly { name: string; roles: readonly Role[] }[] = [
  { name: 'کارشناس نمونه', roles: ['clerk'] },
  { name: 'تأییدکنندهٔ نمونه', roles: ['approving-officer'] },
  { name: 'راهبر نمونه', roles: ['ca-operator'] },
  { name: 'مدیر دفتر نمونه', roles: ['office-manager'] },
  { name: 'مسئول امنیت نمونه', roles: ['security-officer'] },
];

/** Its officers get sign-in links at each start; nobody else's office has this name. */
export const DEMONSTRATION_OFFICE = 'سازمان نظام پزشکی — دفتر نمونه';

/** Opens a demonstration office of the Medical Council with synthetic officers, one for each kind of work; returns them. */
export async function openDemonstrationOffice(house: {
  officers: OfficerStore;
  transactions: TransactionRunner;
  clock: Clock;
}): Promise<Officer[]> {
  const now = house.clock.now();
  const officeId: OfficeId = newId(house.clock);
  const staff = STAFF.map(({ name, roles }): Officer => ({ id: newId(house.clock), officeId, name, roles }));
  await house.transactions.transaction(async (tx) => {
    const office = { id: officeId, kind: 'medical-council', name: DEMONSTRATION_OFFICE } as const;
    await house.officers.insertOffice(tx, office, now);
    for (const officer of staff) await house.officers.insertOfficer(tx, officer, now);
  });
  return staff;
}
