import { randomInt } from 'node:crypto';

import { newId } from '../../core/ids.ts';
import type { AuditEvent } from '../../audit/audit-event.ts';
import type { Transaction } from '../../core/transaction.ts';
import { parseCertificate, publicKeyOf } from '../../pki/certificate.ts';
import { asReadyDigest } from '../../pki/ready-digest.ts';
import type { SignatureFormat } from '../assemble-signature.ts';
import type { RelyingParty } from '../relying-parties/relying-party.ts';
import { SigningError } from '../signing-error.ts';
import { faultOfCredential } from './credential.ts';
import type { Credential, CredentialReference } from './credential.ts';
import { endIfOverdue, tellEnd } from './end-session.ts';
import { newPairingSecret } from './pairing.ts';
import { readDocuments } from './read-documents.ts';
import type { DocumentInput } from './read-documents.ts';
import { deviceTopic } from './session-bell.ts';
import { sealDocuments } from './session-content.ts';
import { assertLevelOffered } from './session-level.ts';
import type { SessionLevel } from './session-level.ts';
import type { Opening } from './session-steps.ts';
import { SESSION_ACTOR, SESSION_SECONDS, sessionSubject } from './session.ts';
import type { SessionHouse } from './session-house.ts';
import type {
  Session,
  SessionCredential,
  SessionDocument,
  SessionId,
  SessionWithContent,
} from './session.ts';

export interface SessionRequest {
  /** Absent: whoever scans the code. */
  credential?: CredentialReference;
  /** Only the phone that scans a code gets it. */
  isPaired?: boolean;
  format: SignatureFormat;
  /** Absent: B-B. */
  level?: SessionLevel;
  documents: readonly DocumentInput[];
  callbackUrl?: string;
  /** Sent again with the same request, it is the same session. */
  idempotencyKey?: string;
  requestSha256: Buffer;
}

/** With what stands in its code, when it has one that nobody has scanned. */
export type OpenedSession = Session & { pairingSecret?: string };

/**
 * Opens a session for a holder's signature, or finds the one that the same request has opened before; a code that nobody has scanned
 * is another one then. Throws SigningError for what cannot be shown, for a certificate or licence that is not good, and `session-open`
 * while the holder has another one.
 */
export async function createSession(
  house: SessionHouse,
  party: RelyingParty,
  request: SessionRequest,
): Promise<OpenedSession> {
  const before = await earlierSession(house, party, request);
  if (before) return withAnotherCode(house, before);
  if (request.callbackUrl !== undefined && !party.callbackUrls.includes(request.callbackUrl))
    throw new SigningError(
      'callback-not-allowed',
      'this is none of the addresses that the CA has entered for you',
    );
  if (request.format === 'raw' && !party.mayHandInDigests)
    throw new SigningError(
      'digests-not-allowed',
      'the CA has not allowed you to have digests of your own signed',
    );
  const createdAt = house.clock.now();
  const { documents, ...derived } = readDocuments(request.documents, {
    format: request.format,
    patientView: party.patientView,
    now: createdAt,
  });
  assertLevelOffered(request, documents);
  const credential = await usableCredential(house, request, documents);
  const pairing = request.isPaired ? newPairingSecret() : undefined;
  const id: SessionId = newId(house.clock);
  const session: SessionWithContent = {
    ...derived,
    id,
    relyingPartyId: party.id,
    ...(credential && { credential }),
    ...(pairing && { pairing: { refusedClaims: 0 } }),
    state: 'CREATED',
    format: request.format,
    level: request.level ?? 'B-B',
    codeChoices: codeChoices(derived.verificationCode),
    requestSha256: request.requestSha256,
    ...(request.idempotencyKey !== undefined && { idempotencyKey: request.idempotencyKey }),
    ...(request.callbackUrl !== undefined && { callbackUrl: request.callbackUrl }),
    createdAt,
    expiresAt: new Date(createdAt.getTime() + SESSION_SECONDS * 1000),
    content: await sealDocuments(house.vault, id, documents),
  };
  const event = openingOf(session, documents.length);
  const inserted = await insert(house, { session, event, ...(pairing && { pairingSha256: pairing.sha256 }) });
  if (inserted) {
    if (credential && !pairing) house.bell.ring(deviceTopic(credential.certificateSha256));
    if (inserted.pushes > 0) house.onPush();
    return { ...session, ...(pairing && { pairingSecret: pairing.secret }) };
  }
  const meanwhile = await earlierSession(house, party, request);
  if (meanwhile) return withAnotherCode(house, meanwhile);
  throw new SigningError('session-open', 'the holder has another request to answer first');
}

/** What the code held is not known any more: whoever asks again has not seen it. */
async function withAnotherCode(house: SessionHouse, session: Session): Promise<OpenedSession> {
  if (!session.pairing || session.pairing.claimedAt) return session;
  const { secret, sha256 } = newPairingSecret();
  const isRenewed = await house.transactions.transaction((tx) =>
    house.pairings.renewPairing(tx, session.id, sha256),
  );
  return { ...session, ...(isRenewed && { pairingSecret: secret }) };
}

/** Throws SigningError `idempotency-key-reused` when the key came with another request. */
async function earlierSession(
  { sessions }: SessionHouse,
  party: RelyingParty,
  { idempotencyKey, requestSha256 }: SessionRequest,
): Promise<Session | undefined> {
  const known = idempotencyKey && (await sessions.ofIdempotencyKey(party.id, idempotencyKey));
  if (known && !known.requestSha256.equals(requestSha256))
    throw new SigningError('idempotency-key-reused', 'this Idempotency-Key was sent with another request');
  return known || undefined;
}

/** The holder's newest certificate that signs now; else why the newest one does not. Undefined where no holder is named. */
async function usableCredential(
  house: SessionHouse,
  { credential: reference, format }: SessionRequest,
  documents: readonly SessionDocument[],
): Promise<SessionCredential | undefined> {
  if (!reference) {
    // Whoever scans a code first might have any key.
    if (format === 'raw') throw signsNoDigests();
    return undefined;
  }
  const now = house.clock.now();
  const all = await house.credentials.find(reference, house.phoneProfiles, now);
  if (all.length === 0)
    throw new SigningError(
      'credential-unknown',
      'there is no certificate of this holder whose key is on a phone',
    );
  const found = all.filter(({ signsDigests }) => format !== 'raw' || signsDigests);
  if (found.length === 0) throw signsNoDigests();
  const usable = found.find((credential) => !faultOfCredential(credential, now));
  if (usable) {
    if (format === 'raw') await assertNotSignedBefore(house, usable, documents);
    const { authorityId, serialNumber, certificateSha256 } = usable;
    return { authorityId, serialNumber, certificateSha256 };
  }
  throw faultOfCredential(found[0], now)!;
}

/**
 * RSA, and some of ECDSA, signs one digest always alike, and no value is taken twice: better that who asks hears of it than the holder,
 * after the PIN.
 */
async function assertNotSignedBefore(
  { readyDigests, transactions }: SessionHouse,
  credential: Credential,
  documents: readonly SessionDocument[],
): Promise<void> {
  const key = publicKeyOf(parseCertificate(credential.certificate));
  const digests = documents.map(({ sha256 }) => asReadyDigest(sha256, key)!);
  const isOneTwice = new Set(digests.map((one) => one.toString('hex'))).size < digests.length;
  await transactions.transaction(async (tx) => {
    for (const one of digests)
      if (isOneTwice || (await readyDigests.wasHandedIn(tx, credential, one)))
        throw new SigningError(
          'digest-signed-before',
          'each digest is signed once: make another, of a later time',
        );
  });
}

function signsNoDigests(): SigningError {
  return new SigningError(
    'digests-not-signed',
    'no key of this holder signs digests of others: those of a browser cannot',
  );
}

/** Undefined when the credential has an open session, or somebody was quicker with the same key. */
async function insert(house: SessionHouse, opening: Opening): Promise<{ pushes: number } | undefined> {
  const inserted = (await house.sessionSteps.tryOpen(opening)) ?? (await insertAfterOverdue(house, opening));
  if (inserted) house.audit.written(opening.event);
  return inserted;
}

/** What is in the way may be a session whose time is over. */
async function insertAfterOverdue(
  house: SessionHouse,
  opening: Opening,
): Promise<{ pushes: number } | undefined> {
  const { credential } = opening.session;
  if (!credential) return undefined;
  const { ended, inserted } = await house.transactions.transaction(async (tx) => {
    const over = await endOpenIfOverdue(house, tx, credential);
    return { ended: over, inserted: over && (await house.sessionSteps.tryOpen(opening, tx)) };
  });
  if (ended) tellEnd(house, ended);
  return inserted;
}

function openingOf(session: Session, documents: number): AuditEvent {
  const { credential } = session;
  return {
    at: session.createdAt,
    actor: SESSION_ACTOR,
    action: 'create-signature-session',
    outcome: 'accepted',
    subject: sessionSubject(session.id),
    details: {
      relyingParty: session.relyingPartyId,
      certificate: credential ? `${credential.authorityId}/${credential.serialNumber.toString('hex')}` : null,
      isPaired: session.pairing !== undefined,
      documents,
    },
  };
}

/** The session that was in the way, when its time is over. */
async function endOpenIfOverdue(
  house: SessionHouse,
  tx: Transaction,
  credential: SessionCredential,
): Promise<Session | undefined> {
  const open = await house.sessions.lockOpenOf(tx, credential);
  return open && (await endIfOverdue(house, tx, open)) ? open : undefined;
}

const CODES = 10_000;
const CHOICES = 3;

/** The right one among others, in an order that says nothing. */
function codeChoices(code: string): string[] {
  const choices = new Set([code]);
  while (choices.size < CHOICES) choices.add(String(randomInt(CODES)).padStart(4, '0'));
  return [...choices].sort();
}
