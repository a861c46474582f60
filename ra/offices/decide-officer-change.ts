import { unreachable } from '../../core/errors.ts';
import type { Transaction } from '../../core/transaction.ts';
import { actorOf } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { issueConfirmed } from '../officer-certificates/issue-officer-certificate.ts';
import { RaError } from '../ra-error.ts';
import type { OfficeHouse } from './office-house.ts';
import type { OfficerChange, OfficerChangeId } from './officer-change.ts';
import { assertCompatible, assertMayManage, managesEveryOffice } from './officer-rules.ts';
import { recordOfChange } from './record-of-change.ts';

/**
 * A second officer confirms, and it is done: roles count from the next request on, a removed officer's sessions and certificates
 * end, an officer's certificate is issued. Throws RaError `change-unknown`, `change-state`, `four-eyes`, `own-case`, `role-missing` and what
 * proposing throws, since the office may have changed meanwhile.
 */
export async function confirmOfficerChange(
  house: OfficeHouse,
  officer: Officer,
  id: OfficerChangeId,
): Promise<OfficerChange> {
  const confirmed = await house.transactions.transaction(async (tx) => {
    const change = await lockPending(house, tx, officer, id);
    if (change.proposedBy === officer.id)
      throw new RaError('four-eyes', 'whoever proposes a change cannot confirm it');
    if (change.officerId === officer.id)
      throw new RaError('own-case', 'nobody confirms a change of their own rights');
    await carryOut(house, tx, change);
    return decide(house, tx, officer, change, 'confirmed');
  });
  if (confirmed.kind === 'certify') await issueConfirmed(house, confirmed, actorOf(officer));
  if (confirmed.kind === 'remove' || confirmed.kind === 'reset')
    await revokeCertificates(house, confirmed, officer);
  return confirmed;
}

/** To say no takes one; whoever has proposed it may take it back. */
export async function rejectOfficerChange(
  house: OfficeHouse,
  officer: Officer,
  id: OfficerChangeId,
): Promise<OfficerChange> {
  return house.transactions.transaction(async (tx) =>
    decide(house, tx, officer, await lockPending(house, tx, officer, id), 'rejected'),
  );
}

async function lockPending(
  house: OfficeHouse,
  tx: Transaction,
  officer: Officer,
  id: OfficerChangeId,
): Promise<OfficerChange> {
  const change = await house.officerChanges.lock(tx, id);
  if (!change || !(change.officeId === officer.officeId || managesEveryOffice(officer)))
    throw new RaError('change-unknown', 'no such change');
  const target = await house.offices.lockOfficer(tx, change.officerId);
  assertMayManage(officer, change.officeId, [
    ...(target?.roles ?? []),
    ...('roles' in change ? change.roles : []),
  ]);
  if (change.state !== 'pending') throw new RaError('change-state', `this change is ${change.state} already`);
  return change;
}

async function carryOut(house: OfficeHouse, tx: Transaction, change: OfficerChange): Promise<void> {
  const { offices, officers, clock } = house;
  const { officerId: id, officeId } = change;
  switch (change.kind) {
    case 'add': {
      const { name, roles, nationalId } = change;
      const others = nationalId ? await offices.samePerson(tx, officeId, nationalId, id) : [];
      assertCompatible(roles, others);
      const added = { id, officeId, name, roles, ...(nationalId && { nationalId }) };
      return officers.insertOfficer(tx, added, clock.now());
    }
    case 'set-roles': {
      await assertFits(house, tx, change, change.roles);
      return offices.setRoles(tx, id, change.roles);
    }
    case 'remove':
      await offices.setRemoved(tx, id, clock.now());
      await offices.endSessions(tx, id, clock.now());
      return;
    case 'restore': {
      const { roles } = (await offices.lockOfficer(tx, id))!;
      await assertFits(house, tx, change, roles);
      return offices.setRemoved(tx, id, undefined);
    }
    case 'reset':
      await offices.removePasskeys(tx, id, clock.now());
      await offices.endSessions(tx, id, clock.now());
      return;
    case 'certify':
      // Issued when the confirmation is durable.
      return;
    default:
      return unreachable(change);
  }
}

async function assertFits(
  { offices }: OfficeHouse,
  tx: Transaction,
  { officerId, officeId }: OfficerChange,
  roles: Officer['roles'],
): Promise<void> {
  const found = await offices.lockOfficer(tx, officerId);
  const others = found?.nationalId ? await offices.samePerson(tx, officeId, found.nationalId, officerId) : [];
  assertCompatible(roles, others);
}

async function decide(
  house: OfficeHouse,
  tx: Transaction,
  officer: Officer,
  { id }: OfficerChange,
  state: 'confirmed' | 'rejected',
): Promise<OfficerChange> {
  const decision = { state, decidedBy: officer.id, decidedAt: house.clock.now() };
  const decided = await house.officerChanges.decide(tx, id, decision);
  const action = state === 'confirmed' ? 'confirm-officer-change' : 'reject-officer-change';
  await recordOfChange(house, tx, actorOf(officer), action, decided);
  return decided;
}

/** Their holder is removed, and accepted nowhere already; the world outside learns it by OCSP. */
async function revokeCertificates(
  { officerCertificates, officerCertifier }: OfficeHouse,
  { officerId }: OfficerChange,
  officer: Officer,
): Promise<void> {
  for (const certificate of await officerCertificates.listOf(officerId))
    if (certificate.isGood)
      await officerCertifier.revoke(certificate, 'cessationOfOperation', actorOf(officer));
}
