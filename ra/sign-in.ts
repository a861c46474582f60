import { createHash, randomBytes } from 'node:crypto';

import type { AuditActor } from '../audit/audit-event.ts';
import { newId } from '../core/ids.ts';
import type { Transaction } from '../core/transaction.ts';
import { attempting } from './lockout.ts';
import { actorOf } from './officer.ts';
import type { Officer, OfficerId } from './officer.ts';
import type { KnownSession, OfficerSession, SignInMethod } from './officer-store.ts';
import { RaError } from './ra-error.ts';
import type { SignInHouse } from './sign-in-house.ts';

const LOGIN_LINK_SECONDS = 60 * 60;
/** A working day; officers sign in again each morning. */
const SESSION_SECONDS = 10 * 60 * 60;
/** A desk that was left is locked after this. */
export const SESSION_IDLE_SECONDS = 30 * 60;
/** Use is noted once a minute: a write for each request would be the busiest table of the house. */
const TOUCH_SECONDS = 60;
/** What a browser calls itself is its own choice; names of browsers stand in the first words. */
const USER_AGENT_CHARACTERS = 200;

/** Where a request comes from, as far as the server can tell. */
export interface Caller {
  address: string;
  /** As it calls itself. */
  userAgent?: string;
}

/** What a browser gets for signing in. */
export interface NewSession {
  officer: Officer;
  sessionSecret: string;
  expiresAt: Date;
}

/** Makes a secret that signs the officer in once; the caller puts it into a link. */
export async function createLoginLink(
  house: Pick<SignInHouse, 'officers' | 'audit' | 'transactions' | 'clock'>,
  officerId: OfficerId,
  actor: AuditActor,
): Promise<string> {
  const secret = newSecret();
  await house.transactions.transaction(async (tx) => {
    if (!(await house.officers.findOfficer(tx, officerId)))
      throw new RaError('officer-unknown', 'no such officer');
    await house.officers.insertLoginLink(tx, {
      secretSha256: sha256(secret),
      officerId,
      expiresAt: loginLinkEnd(house.clock.now()),
    });
    await recordOfOfficer(house, tx, actor, 'create-login-link', officerId);
  });
  return secret;
}

/** When a link that is made now ends. */
export function loginLinkEnd(now: Date): Date {
  return new Date(now.getTime() + LOGIN_LINK_SECONDS * 1000);
}

/** Exchanges a link's secret for a session's; throws RaError `login-link-invalid` for a used, expired or unknown one. */
export function signIn(house: SignInHouse, linkSecret: string, caller?: Caller): Promise<NewSession> {
  return attempting(house, caller ? [`address:${caller.address}`] : [], () =>
    house.transactions.transaction(async (tx) => {
      const officerId = await house.officers.useLoginLink(tx, sha256(linkSecret), house.clock.now());
      const officer = officerId && (await house.officers.findOfficer(tx, officerId));
      if (!officer)
        throw new RaError('login-link-invalid', 'this link is unknown, has been used, or has expired');
      return openSession(house, tx, officer, { method: 'link' }, caller);
    }),
  );
}

/** A new session, with a secret of its own, for an officer who has proved who they are. */
export async function openSession(
  house: SignInHouse,
  tx: Transaction,
  officer: Officer,
  proved: Pick<OfficerSession, 'method' | 'certificateSha256'>,
  caller?: Caller,
): Promise<NewSession> {
  const sessionSecret = newSecret();
  const now = house.clock.now();
  const expiresAt = new Date(now.getTime() + SESSION_SECONDS * 1000);
  await house.officers.insertSession(tx, {
    id: newId(house.clock),
    secretSha256: sha256(sessionSecret),
    officerId: officer.id,
    ...proved,
    createdAt: now,
    lastSeenAt: now,
    expiresAt,
    ...(caller && { openedFrom: caller.address }),
    ...(caller?.userAgent !== undefined && {
      userAgent: caller.userAgent.slice(0, USER_AGENT_CHARACTERS),
    }),
  });
  await recordOfOfficer(house, tx, actorOf(officer), 'sign-in', officer.id, { method: proved.method });
  return { officer, sessionSecret, expiresAt };
}

/** A living session: whose, how it was opened, and when it ends if nothing happens any more. */
export interface LivingSession extends Pick<KnownSession, 'id' | 'officer' | 'office' | 'createdAt'> {
  method: SignInMethod;
  expiresAt: Date;
}

/**
 * The session that a secret opens; throws RaError `session-invalid` for one that has ended, has idled for too long, whose officer
 * was removed, or that is bound to another client certificate than the connection presents.
 */
export async function livingSession(
  house: Pick<SignInHouse, 'officers' | 'clock'>,
  sessionSecret: string,
  connection: { certificateSha256?: Buffer } = {},
): Promise<LivingSession> {
  const now = house.clock.now();
  const session = await house.officers.findSession(sha256(sessionSecret), now);
  const idleSeconds = session ? (now.getTime() - session.lastSeenAt.getTime()) / 1000 : Infinity;
  if (!session || idleSeconds > SESSION_IDLE_SECONDS) {
    const idleSince = new Date(now.getTime() - SESSION_IDLE_SECONDS * 1000);
    await house.officers.endOverdueSession(sha256(sessionSecret), now, idleSince);
  }
  if (!session || idleSeconds > SESSION_IDLE_SECONDS || !isBoundTo(session, connection))
    throw new RaError('session-invalid', 'the session is unknown or has ended; sign in again');
  if (idleSeconds >= TOUCH_SECONDS) await house.officers.touchSession(sha256(sessionSecret), now);
  const idleEnd = new Date(now.getTime() + SESSION_IDLE_SECONDS * 1000);
  const { id, officer, office, method, createdAt, expiresAt } = session;
  return { id, officer, office, method, createdAt, expiresAt: expiresAt < idleEnd ? expiresAt : idleEnd };
}

function isBoundTo({ certificateSha256 }: KnownSession, connection: { certificateSha256?: Buffer }): boolean {
  return !certificateSha256 || connection.certificateSha256?.equals(certificateSha256) === true;
}

export async function signOut(house: SignInHouse, officer: Officer, sessionSecret: string): Promise<void> {
  await house.transactions.transaction(async (tx) => {
    await house.officers.endSession(tx, sha256(sessionSecret), house.clock.now());
    await recordOfOfficer(house, tx, actorOf(officer), 'sign-out', officer.id);
  });
}

/** Ends the session, if it lives, that a browser had before it was given another: nobody who has seen its secret goes on with it. */
export async function endReplacedSession(
  house: SignInHouse,
  sessionSecret: string | undefined,
): Promise<void> {
  if (sessionSecret === undefined) return;
  const replaced = await house.officers.findSession(sha256(sessionSecret), house.clock.now());
  if (replaced) await signOut(house, replaced.officer, sessionSecret);
}

/** 256 random bits: nothing to guess, so a fast hash is enough to store it. */
function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function sha256(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** The event of something that was done to, or by, an officer. */
export function recordOfOfficer(
  house: Pick<SignInHouse, 'audit' | 'clock'>,
  tx: Transaction,
  actor: AuditActor,
  action: string,
  officerId: OfficerId,
  details: Record<string, string> = {},
): Promise<void> {
  const subject = `officer:${officerId}`;
  return house.audit.record(tx, {
    at: house.clock.now(),
    actor,
    action,
    outcome: 'accepted',
    subject,
    details,
  });
}
