import type { AuditEvent } from '../../audit/audit-event.ts';
import type { Transaction } from '../../core/transaction.ts';
import { faultOfCredential } from '../sessions/credential.ts';
import { endIfOverdue, tellEnd } from '../sessions/end-session.ts';
import { pairingHash } from '../sessions/pairing.ts';
import { SESSION_ACTOR, isOf, sessionSubject } from '../sessions/session.ts';
import type { SessionHouse } from '../sessions/session-house.ts';
import type { Session, SessionId } from '../sessions/session.ts';
import { deviceTopic } from '../sessions/session-bell.ts';
import { isOpen } from '../sessions/session-state.ts';
import type { SessionState } from '../sessions/session-state.ts';
import { SigningError } from '../signing-error.ts';
import type { Device } from './device-login.ts';

interface Claimed {
  id: SessionId;
  state: SessionState;
}

type Outcome = ({ claimed: Claimed } | { refusal: SigningError }) & { ended: Session[] };

/**
 * Makes a session that was opened for a code this phone's own; then it is like any other. Sent again, it is answered alike. Throws
 * SigningError `pairing-unknown`, `pairing-used`, `pairing-expired`, `pairing-for-another`, `session-open`, and why the certificate
 * does not sign; each refusal is recorded, and counted where there is a session.
 */
export async function claimPairing(house: SessionHouse, device: Device, secret: string): Promise<Claimed> {
  const sha256 = pairingHash(secret);
  const outcome = await house.transactions.transaction((tx) => claim(house, tx, device, sha256));
  for (const session of outcome.ended) tellEnd(house, session);
  if ('refusal' in outcome) throw outcome.refusal;
  house.bell.ring(deviceTopic(device.certificateSha256));
  return outcome.claimed;
}

async function claim(house: SessionHouse, tx: Transaction, device: Device, sha256: Buffer): Promise<Outcome> {
  const ended: Session[] = [];
  const session = await house.pairings.lockPaired(tx, sha256);
  if (session && isOf(session, device) && session.pairing?.claimedAt)
    return { claimed: { id: session.id, state: session.state }, ended };
  const refusal = session
    ? await refusalOf(house, tx, device, session, ended)
    : new SigningError('pairing-unknown', 'no session waits for this code');
  const at = house.clock.now();
  if (refusal) {
    if (session) await house.pairings.countPairingRefusal(tx, session.id);
    await house.audit.record(tx, {
      ...eventOf(device, session, at),
      outcome: 'refused',
      refusalCode: refusal.code,
    });
    return { refusal, ended };
  }
  await house.audit.record(tx, { ...eventOf(device, session, at), outcome: 'accepted' });
  return { claimed: { id: session!.id, state: session!.state }, ended };
}

/** Why the phone does not get the session; undefined: it has it now. */
async function refusalOf(
  house: SessionHouse,
  tx: Transaction,
  device: Device,
  session: Session,
  ended: Session[],
): Promise<SigningError | undefined> {
  if (session.pairing?.claimedAt)
    return new SigningError('pairing-used', 'another phone has scanned this code');
  if (await endIfOverdue(house, tx, session)) ended.push(session);
  if (ended.length > 0 || !isOpen(session.state))
    return new SigningError('pairing-expired', 'the time of this code is over');
  if (session.credential && !isOf(session, device))
    return new SigningError('pairing-for-another', 'the signature of another holder is asked for');
  const credential = await house.credentials.current(tx, device);
  if (!credential) throw new Error('a login without its certificate');
  const at = house.clock.now();
  const fault = faultOfCredential(credential, at);
  if (fault) return fault;
  const open = await house.sessions.lockOpenOf(tx, device);
  if (open && open.id !== session.id && (await endIfOverdue(house, tx, open))) ended.push(open);
  const { authorityId, serialNumber, certificateSha256 } = device;
  if (await house.pairings.claim(tx, session.id, { authorityId, serialNumber, certificateSha256 }, at))
    return undefined;
  return new SigningError('session-open', 'this phone has another request to answer first');
}

function eventOf(
  { authorityId, serialNumber }: Device,
  session: Session | undefined,
  at: Date,
): Omit<AuditEvent, 'outcome'> {
  const certificate = `${authorityId}/${serialNumber.toString('hex')}`;
  return {
    at,
    actor: SESSION_ACTOR,
    action: 'claim-pairing',
    subject: session ? sessionSubject(session.id) : `certificate:${certificate}`,
    details: { certificate },
  };
}
