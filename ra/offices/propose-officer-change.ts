import { newId } from '../../core/ids.ts';
import { parseNationalId } from '../../core/national-id.ts';
import type { Transaction } from '../../core/transaction.ts';
import { verifyCertificationRequest } from '../../pki/certification-request.ts';
import { actorOf } from '../officer.ts';
import type { OfficeId, Officer, OfficerId, Role } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import type { OfficeHouse } from './office-house.ts';
import type { ChangeOfOfficer, OfficerChange } from './officer-change.ts';
import { assertCompatible, assertMayManage } from './officer-rules.ts';
import { recordOfChange } from './record-of-change.ts';

/** What an officer proposes about another: nothing of it is done until a second one confirms it. */
export type OfficerChangeInput =
  | { kind: 'add'; officeId: OfficeId; name: string; nationalId?: string; roles: readonly Role[] }
  | { kind: 'set-roles'; officerId: OfficerId; roles: readonly Role[] }
  | { kind: 'remove' | 'restore' | 'reset'; officerId: OfficerId };

/**
 * Throws RaError `role-missing`, `office-unknown`, `officer-unknown`, `own-case`, `roles-incompatible`, `officer-state` or
 * `change-pending`.
 */
export async function proposeOfficerChange(
  house: OfficeHouse,
  officer: Officer,
  input: OfficerChangeInput,
): Promise<OfficerChange> {
  return house.transactions.transaction(async (tx) => {
    const about =
      input.kind === 'add'
        ? await newOfficer(house, tx, officer, input)
        : await known(house, tx, officer, input);
    const change: OfficerChange = { ...proposal(house, officer, about), ...about.change };
    await keep(house, tx, officer, change);
    return change;
  });
}

/** The signed-in officer asks for a certificate; throws what the CA would refuse, and RaError `change-pending`. */
export async function requestOfficerCertificate(
  house: OfficeHouse,
  officer: Officer,
  certificationRequest: string,
): Promise<OfficerChange> {
  const request = await verifyCertificationRequest(certificationRequest);
  const { subjectPublicKeyInfo } = request;
  const office = await house.transactions.transaction((tx) => house.offices.find(tx, officer.officeId));
  await house.officerCertifier.check({ officer, office: office!, subjectPublicKeyInfo });
  const change: OfficerChange = {
    ...proposal(house, officer, { officeId: officer.officeId, officerId: officer.id }),
    kind: 'certify',
    certificationRequest: request.bytes,
  };
  await house.transactions.transaction((tx) => keep(house, tx, officer, change));
  return change;
}

interface About {
  officeId: OfficeId;
  officerId: OfficerId;
}

async function newOfficer(
  house: OfficeHouse,
  tx: Transaction,
  officer: Officer,
  { officeId, name, nationalId, roles }: Extract<OfficerChangeInput, { kind: 'add' }>,
): Promise<About & { change: ChangeOfOfficer }> {
  assertMayManage(officer, officeId, roles);
  if (!(await house.offices.find(tx, officeId))) throw new RaError('office-unknown', 'no such office');
  const officerId: OfficerId = newId(house.clock);
  const parsed = nationalId === undefined ? undefined : parseNationalId(nationalId);
  assertCompatible(roles, parsed ? await house.offices.samePerson(tx, officeId, parsed, officerId) : []);
  return { officeId, officerId, change: { kind: 'add', name, roles, ...(parsed && { nationalId: parsed }) } };
}

async function known(
  house: OfficeHouse,
  tx: Transaction,
  officer: Officer,
  input: Exclude<OfficerChangeInput, { kind: 'add' }>,
): Promise<About & { change: ChangeOfOfficer }> {
  const found = await house.offices.lockOfficer(tx, input.officerId);
  if (!found) throw new RaError('officer-unknown', 'no such officer');
  const { id: officerId, officeId, roles, removedAt } = found;
  assertMayManage(officer, officeId, [...roles, ...(input.kind === 'set-roles' ? input.roles : [])]);
  if (officerId === officer.id) throw new RaError('own-case', 'nobody changes their own rights');
  if ((removedAt !== undefined) !== (input.kind === 'restore'))
    throw new RaError('officer-state', `an officer who is ${removedAt ? '' : 'not '}removed: ${input.kind}`);
  if (input.kind !== 'set-roles') return { officeId, officerId, change: { kind: input.kind } };
  const { nationalId } = found;
  const others = nationalId ? await house.offices.samePerson(tx, officeId, nationalId, officerId) : [];
  assertCompatible(input.roles, others);
  return { officeId, officerId, change: { kind: 'set-roles', roles: input.roles } };
}

function proposal({ clock }: OfficeHouse, officer: Officer, { officeId, officerId }: About) {
  return {
    id: newId<'officer-change'>(clock),
    officeId,
    officerId,
    proposedBy: officer.id,
    proposedAt: clock.now(),
    state: 'pending' as const,
  };
}

async function keep(
  house: OfficeHouse,
  tx: Transaction,
  officer: Officer,
  change: OfficerChange,
): Promise<void> {
  if (!(await house.officerChanges.insert(tx, change)))
    throw new RaError('change-pending', 'the same change of this officer waits for confirmation already');
  await recordOfChange(house, tx, actorOf(officer), 'propose-officer-change', change);
}
