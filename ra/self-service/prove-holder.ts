import { createHash } from 'node:crypto';

import { DomainError } from '../../core/errors.ts';
import { parseNationalId } from '../../core/national-id.ts';
import type { NationalId } from '../../core/national-id.ts';
import type { Holder } from '../holders/holder.ts';
import { RaError } from '../ra-error.ts';
import type { SecretHash } from './secret-hash.ts';
import { SELF_SERVICE } from './self-service-house.ts';
import type { SelfServiceHouse } from './self-service-house.ts';
import type { CodeId, CodePurpose } from './self-service-store.ts';

/** What somebody says who they are, and shows for it. */
export interface HolderClaim {
  nationalId: string;
  secret: { kind: 'password'; password: string } | { kind: 'code'; code: string };
}

/** Wrong secrets for one person, by whomever, until all are refused for a while. */
export const TRIES_MAX = 5;
const WINDOW_SECONDS = 3600;

/**
 * The holder whose secret this is. Otherwise RaError `self-service-refused`, with the same words and after the same work whether the
 * person does not exist, has no such secret, or is locked after five wrong ones: nobody learns here who is a doctor.
 */
export async function proveHolder(
  house: SelfServiceHouse,
  { nationalId: claimed, secret }: HolderClaim,
  purpose: CodePurpose,
): Promise<{ holder: Holder; codeId?: CodeId }> {
  const nationalId = nationalIdOf(claimed);
  const subject = subjectSha256(claimed);
  const now = house.clock.now();
  const windowEndsAt = new Date(now.getTime() + WINDOW_SECONDS * 1000);
  const tries = await house.transactions.transaction((tx) =>
    house.selfService.countTry(tx, subject, 'secret', now, windowEndsAt),
  );
  const holder = nationalId && (await house.holders.find(nationalId));
  const stored = holder && (await secretOf(house, holder, secret.kind, purpose, now));
  const isRight = await house.secrets.isOf(
    secret.kind === 'password' ? secret.password : secret.code,
    stored,
  );
  if (holder && isRight && tries <= TRIES_MAX)
    return { holder, ...(stored && 'id' in stored && { codeId: stored.id as CodeId }) };
  // Not more often than until the lock: nobody fills the log by guessing.
  if (holder && tries <= TRIES_MAX + 1) await recordRefusal(house, holder, secret.kind, tries > TRIES_MAX);
  throw new RaError(
    'self-service-refused',
    'this is not right, or was tried too often: ask for a new code in an hour, or call your office',
  );
}

/** Undefined for what nobody can have. */
export function nationalIdOf(text: string): NationalId | undefined {
  try {
    return parseNationalId(text);
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}

/** What tries are counted by, whoever it is. */
export function subjectSha256(claimed: string): Buffer {
  return createHash('sha256')
    .update(nationalIdOf(claimed) ?? claimed)
    .digest();
}

function secretOf(
  { selfService }: SelfServiceHouse,
  { id }: Holder,
  kind: HolderClaim['secret']['kind'],
  purpose: CodePurpose,
  now: Date,
): Promise<(SecretHash & { id?: CodeId }) | undefined> {
  return kind === 'password' ? selfService.passwordOf(id) : selfService.codeOf(id, purpose, now);
}

async function recordRefusal(
  { transactions, audit, clock }: SelfServiceHouse,
  { id }: Holder,
  secret: string,
  isLocked: boolean,
): Promise<void> {
  await transactions.transaction((tx) =>
    audit.record(tx, {
      at: clock.now(),
      actor: SELF_SERVICE,
      action: isLocked ? 'lock-self-service' : 'prove-holder',
      outcome: 'refused',
      subject: `holder:${id}`,
      refusalCode: 'self-service-refused',
      details: { secret },
    }),
  );
}
