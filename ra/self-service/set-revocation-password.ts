import type { AuditActor } from '../../audit/audit-event.ts';
import type { Transaction } from '../../core/transaction.ts';
import type { ApplicationId } from '../application.ts';
import type { ApplicationStore } from '../application-store.ts';
import type { Holder, HolderId } from '../holders/holder.ts';
import { actorOf, assertRole } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { readApplication } from '../read-applications.ts';
import { assertStrongPassword } from './assert-strong-password.ts';
import { nationalIdOf, proveHolder, subjectSha256 } from './prove-holder.ts';
import type { SecretHash } from './secret-hash.ts';
import { SELF_SERVICE } from './self-service-house.ts';
import type { SelfServiceHouse } from './self-service-house.ts';

export const PASSWORD_CHARACTERS_MAX = 64;

/** A holder sets the password with a code that was sent to them; throws RaError `self-service-refused` or `password-…`. */
export async function setOwnPassword(
  house: SelfServiceHouse,
  { nationalId, code, password }: { nationalId: string; code: string; password: string },
): Promise<void> {
  // Before anything is looked up: this answer is the same for everybody.
  assertStrongPassword(password, { nationalId: nationalIdOf(nationalId) });
  const claim = { nationalId, secret: { kind: 'code', code } } as const;
  const { holder, codeId } = await proveHolder(house, claim, 'set-password');
  await assertNotPersonal(house, holder, password);
  const hash = await house.secrets.hash(password);
  await house.transactions.transaction(async (tx) => {
    if (!codeId || !(await house.selfService.useCode(tx, codeId, house.clock.now())))
      throw new RaError('self-service-refused', 'this code has been used');
    await house.selfService.forgetTries(tx, subjectSha256(nationalId));
    await store(house, tx, holder.id, hash, SELF_SERVICE);
  });
}

/** At the counter the holder types it; the clerk's session carries it. Throws RaError `password-…`. */
export async function setPasswordAtCounter(
  house: SelfServiceHouse & { applications: ApplicationStore },
  officer: Officer,
  id: ApplicationId,
  password: string,
): Promise<void> {
  assertRole(officer, ['clerk']);
  const { applicant } = await readApplication(house, officer, id);
  assertStrongPassword(password, applicant);
  const holder = await house.holders.find(applicant.nationalId);
  if (!holder) throw new Error('an application without a holder');
  const hash = await house.secrets.hash(password);
  await house.transactions.transaction((tx) => store(house, tx, holder.id, hash, actorOf(officer)));
}

/** After they have shown who they are: nobody learns a doctor's name here. The code stays good for another password. */
async function assertNotPersonal(
  { transactions, selfService }: SelfServiceHouse,
  holder: Holder,
  password: string,
): Promise<void> {
  try {
    assertStrongPassword(password, holder);
  } catch (error) {
    await transactions.transaction((tx) => selfService.forgetTries(tx, subjectSha256(holder.nationalId)));
    throw error;
  }
}

async function store(
  { selfService, audit, clock }: SelfServiceHouse,
  tx: Transaction,
  holderId: HolderId,
  hash: SecretHash,
  actor: AuditActor,
): Promise<void> {
  const at = clock.now();
  await selfService.setPassword(tx, holderId, hash, at);
  await audit.record(tx, {
    at,
    actor,
    action: 'set-revocation-password',
    outcome: 'accepted',
    subject: `holder:${holderId}`,
    details: {},
  });
}
