import { createHash, randomBytes } from 'node:crypto';

import type { AuditActor } from '../audit/audit-event.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../core/clock.ts';
import type { TransactionRunner } from '../core/transaction.ts';
import { actorOf } from './officer.ts';
import type { Officer, OfficerId } from './officer.ts';
import type { OfficerStore } from './officer-store.ts';
import { RaError } from './ra-error.ts';

export interface SignInHouse {
  officers: OfficerStore;
  audit: AuditLog;
  transactions: TransactionRunner;
  clock: Clock;
}

const LOGIN_LINK_SECONDS = 60 * 60;
/** A working day; officers sign in again each morning. */
const SESSION_SECONDS = 10 * 60 * 60;

/** Makes a secret that signs the officer in once; the caller puts it into a link. */
export async function createLoginLink(
  house: SignInHouse,
  officerId: OfficerId,
  actor: AuditActor,
): Promise<string> {
  const secret = newSecret();
  const now = house.clock.now();
  await house.transactions.transaction(async (tx) => {
    if (!(await house.officers.findOfficer(tx, officerId)))
      throw new RaError('officer-unknown', 'no such officer');
    const expiresAt = new Date(now.getTime() + LOGIN_LINK_SECONDS * 1000);
    await house.officers.insertLoginLink(tx, { secretSha256: sha256(secret), officerId, expiresAt });
    await record(house, tx, actor, 'create-login-link', officerId);
  });
  return secret;
}

/** Exchanges a link's secret for a session's; throws RaError `login-link-invalid` for a used, expired or unknown one. */
export async function signIn(
  house: SignInHouse,
  linkSecret: string,
): Promise<{ officer: Officer; sessionSecret: string; expiresAt: Date }> {
  const sessionSecret = newSecret();
  const now = house.clock.now();
  const expiresAt = new Date(now.getTime() + SESSION_SECONDS * 1000);
  const officer = await house.transactions.transaction(async (tx) => {
    const officerId = await house.officers.useLoginLink(tx, sha256(linkSecret), now);
    const found = officerId && (await house.officers.findOfficer(tx, officerId));
    if (!found)
      throw new RaError('login-link-invalid', 'this link is unknown, has been used, or has expired');
    await house.officers.insertSession(tx, {
      secretSha256: sha256(sessionSecret),
      officerId: found.id,
      createdAt: now,
      expiresAt,
    });
    await record(house, tx, actorOf(found), 'sign-in', found.id);
    return found;
  });
  return { officer, sessionSecret, expiresAt };
}

/** The officer of a living session; throws RaError `session-invalid`. */
export async function officerOfSession(house: SignInHouse, sessionSecret: string): Promise<Officer> {
  const officer = await house.officers.officerOfSession(sha256(sessionSecret), house.clock.now());
  if (!officer) throw new RaError('session-invalid', 'the session is unknown or has ended; sign in again');
  return officer;
}

export async function signOut(house: SignInHouse, officer: Officer, sessionSecret: string): Promise<void> {
  await house.transactions.transaction(async (tx) => {
    await house.officers.endSession(tx, sha256(sessionSecret), house.clock.now());
    await record(house, tx, actorOf(officer), 'sign-out', officer.id);
  });
}

/** 256 random bits: nothing to guess, so a fast hash is enough to store it. */
function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function sha256(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

function record(
  house: SignInHouse,
  tx: Parameters<AuditLog['record']>[0],
  actor: AuditActor,
  action: string,
  officerId: OfficerId,
): Promise<void> {
  const subject = `officer:${officerId}`;
  return house.audit.record(tx, {
    at: house.clock.now(),
    actor,
    action,
    outcome: 'accepted',
    subject,
    details: {},
  });
}
