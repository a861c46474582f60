import type { AuditActor } from '../../audit/audit-event.ts';
import type { Transaction } from '../../core/transaction.ts';
import type { ApplicationId } from '../application.ts';
import type { ApplicationStore } from '../application-store.ts';
import type { HolderId } from '../holders/holder.ts';
import { actorOf, assertRole } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { readApplication } from '../read-applications.ts';
import { proveHolder, subjectSha256 } from './prove-holder.ts';
import type { SecretHash } from './secret-hash.ts';
import { SELF_SERVICE } from './self-service-house.ts';
import type { SelfServiceHouse } from './self-service-house.ts';

/** Somebody guesses five times an hour at most; what is written on the card, they need not guess. */
const PASSWORD_CHARACTERS_MIN = 8;
export const PASSWORD_CHARACTERS_MAX = 64;

/** A holder sets the password with a code that was sent to them; throws RaError `self-service-refused` or `password-weak`. */
export async function setOwnPassword(
  house: SelfServiceHouse,
  { nationalId, code, password }: { nationalId: string; code: string; password: string },
): Promise<void> {
  assertStrong(password, nationalId);
  const claim = { nationalId, secret: { kind: 'code', code } } as const;
  const { holder, codeId } = await proveHolder(house, claim, 'set-password');
  const hash = await house.secrets.hash(password);
  await house.transactions.transaction(async (tx) => {
    if (!codeId || !(await house.selfService.useCode(tx, codeId, house.clock.now())))
      throw new RaError('self-service-refused', 'this code has been used');
    await house.selfService.forgetTries(tx, subjectSha256(nationalId));
    await store(house, tx, holder.id, hash, SELF_SERVICE);
  });
}

/** At the counter the holder types it; the clerk's session carries it. Throws RaError `password-weak`. */
export async function setPasswordAtCounter(
  house: SelfServiceHouse & { applications: ApplicationStore },
  officer: Officer,
  id: ApplicationId,
  password: string,
): Promise<void> {
  assertRole(officer, ['clerk']);
  const { applicant } = await readApplication(house, officer, id);
  assertStrong(password, applicant.nationalId);
  const holder = await house.holders.find(applicant.nationalId);
  if (!holder) throw new Error('an application without a holder');
  const hash = await house.secrets.hash(password);
  await house.transactions.transaction((tx) => store(house, tx, holder.id, hash, actorOf(officer)));
}

function assertStrong(password: string, nationalId: string): void {
  const letters = new Set(password);
  if (password.length >= PASSWORD_CHARACTERS_MIN && letters.size > 3 && !password.includes(nationalId))
    return;
  throw new RaError(
    'password-weak',
    `a revocation password has ${PASSWORD_CHARACTERS_MIN} characters or more, four of them different, and is not your national id`,
  );
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
