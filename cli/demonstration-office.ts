import type { Clock } from '../core/clock.ts';
import { newId } from '../core/ids.ts';
import type { TransactionRunner } from '../core/transaction.ts';
import type { Officer, OfficeId, Role } from '../ra/officer.ts';
import type { OfficerStore } from '../ra/officer-store.ts';

const STAFF: readonly { name: string; roles: readonly Role[] }[] = [
  { name: 'کارشناس نمونه (clerk)', roles: ['clerk'] },
  { name: 'تأییدکنندهٔ نمونه (second officer)', roles: ['approving-officer'] },
  { name: 'راهبر نمونه (operator)', roles: ['ca-operator'] },
];

/** Opens a demonstration office of the Medical Council with three synthetic officers; returns them. */
export async function openDemonstrationOffice(house: {
  officers: OfficerStore;
  transactions: TransactionRunner;
  clock: Clock;
}): Promise<Officer[]> {
  const now = house.clock.now();
  const officeId: OfficeId = newId(house.clock);
  const staff = STAFF.map(({ name, roles }): Officer => ({ id: newId(house.clock), officeId, name, roles }));
  await house.transactions.transaction(async (tx) => {
    const name = 'سازمان نظام پزشکی — دفتر نمونه';
    await house.officers.insertOffice(tx, { id: officeId, kind: 'medical-council', name }, now);
    for (const officer of staff) await house.officers.insertOfficer(tx, officer, now);
  });
  return staff;
}
