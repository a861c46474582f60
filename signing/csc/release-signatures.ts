import type { Transaction } from '../../core/transaction.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { faultOfCredential } from '../sessions/credential.ts';
import type { Credential } from '../sessions/credential.ts';
import { readSession } from '../sessions/read-session.ts';
import { SESSION_ACTOR } from '../sessions/session.ts';
import type { Session } from '../sessions/session.ts';
import { millisecondsLeft, sadHash } from './activation-data.ts';
import { authorizationSubject } from './csc-authorization.ts';
import type { AuthorizationId, CscAuthorization, CscHouse } from './csc-authorization.ts';
import type { CscCaller } from './csc-caller.ts';
import { CscError, invalidParameter } from './csc-error.ts';
import type { OauthServer } from './oauth-server.ts';
import { readCredentialId } from './read-signing-request.ts';

/** How long an answer can be fetched. */
export const ANSWER_MILLISECONDS_MAX = 24 * 3600 * 1000;

/** What signHash and signDoc have in common. */
export interface ReleaseRequest {
  credentialID: string | undefined;
  SAD: string | undefined;
  isAsynchronous: boolean;
  validityMilliseconds: number;
}

/** What the phone has signed and a client may fetch, once. */
export interface Releasable {
  session: Session;
  certificate: Certificate;
  authorization: CscAuthorization;
  signatures: readonly Buffer[];
}

/** An answer in the words of a method, and of how many signatures it is. */
export interface Released<T> {
  answer: T;
  count: number;
}

/**
 * Gives out the signatures that a holder has authorized, once: to the client that asked for them, for the credential and exactly what
 * the phone has confirmed. What is refused is recorded. Throws CscError.
 */
export async function releaseSignatures<T extends object>(
  house: CscHouse,
  oauth: OauthServer,
  caller: CscCaller,
  request: ReleaseRequest,
  make: (releasable: Releasable) => Promise<Released<T>>,
): Promise<T | { responseID: string }> {
  const authorization = await authorizationFor(house, oauth, caller, request.SAD);
  try {
    return await release(house, caller, authorization, request, make);
  } catch (error) {
    if (error instanceof CscError) await recordRefusal(house, caller, authorization, error);
    throw error;
  }
}

/** What an asynchronous request was answered, for the client that made it; throws CscError. */
export async function pollSignatures(
  house: CscHouse,
  { party }: CscCaller,
  requestId: string,
): Promise<object> {
  const found = await house.authorizations.find(requestId as AuthorizationId);
  const { answer, answerUntil } = found ?? {};
  const isOver = !answerUntil || answerUntil <= house.clock.now();
  if (found?.relyingPartyId !== party.id || !answer || isOver) throw invalidParameter('requestID');
  return JSON.parse((await house.vault.unseal(answerName(found.id), answer)).toString()) as object;
}

/** By the token itself when a holder has given it, else by the activation data, which may be such a token as well (§11.10). */
async function authorizationFor(
  house: CscHouse,
  oauth: OauthServer,
  caller: CscCaller,
  sad: string | undefined,
): Promise<CscAuthorization> {
  const own = caller.scope === 'credential' ? caller.authorization : undefined;
  if (sad === undefined) {
    if (own) return own;
    throw new CscError('invalid_request', 'Missing (or invalid type) string parameter SAD');
  }
  const subject = (await oauth.tokenOf(sad))?.subject;
  const found =
    subject === undefined
      ? await house.authorizations.ofSad(sadHash(sad))
      : await house.authorizations.find(subject as AuthorizationId);
  if (!found) throw invalidParameter('SAD');
  return found;
}

async function release<T extends object>(
  house: CscHouse,
  { party }: CscCaller,
  authorization: CscAuthorization,
  request: ReleaseRequest,
  make: (releasable: Releasable) => Promise<Released<T>>,
): Promise<T | { responseID: string }> {
  const { id, sessionId, scope } = authorization;
  if (authorization.relyingPartyId !== party.id || scope !== 'credential' || authorization.usedAt)
    throw invalidParameter('SAD');
  const { session, signatures } = await readSession(house, party, sessionId);
  if ((await millisecondsLeft(house, authorization)) <= 0 || !signatures)
    throw new CscError('invalid_request', 'SAD expired');
  const { certificateSha256 } = session.credential!;
  if (!readCredentialId(request.credentialID).equals(certificateSha256))
    throw invalidParameter('credentialID');
  const credential = await usableCredential(house, certificateSha256);
  const certificate = parseCertificate(credential.certificate);
  const { answer, count } = await make({ session, certificate, authorization, signatures });
  const sealed = request.isAsynchronous
    ? await house.vault.seal(answerName(id), Buffer.from(JSON.stringify(answer)))
    : undefined;
  await house.transactions.transaction(async (tx) => {
    const locked = await house.authorizations.lock(tx, id);
    if (!locked || locked.usedAt) throw invalidParameter('SAD');
    const at = house.clock.now();
    const answerUntil = new Date(at.getTime() + request.validityMilliseconds);
    await house.authorizations.setUsed(tx, id, { at, ...(sealed && { answer: sealed, answerUntil }) });
    await record(house, tx, { party, authorization }, { documents: count });
  });
  return sealed ? { responseID: id } : answer;
}

/** Certificate and licence again: they may have ended since the phone confirmed. */
async function usableCredential(house: CscHouse, certificateSha256: Buffer): Promise<Credential> {
  const now = house.clock.now();
  const [credential] = await house.credentials.find({ certificateSha256 }, house.phoneProfiles, now);
  if (!credential) throw new CscError('invalid_request', 'Signing certificate is expired');
  if (!faultOfCredential(credential, now)) return credential;
  throw new CscError('invalid_request', 'The credential identified by credentialID is disabled');
}

async function recordRefusal(
  house: CscHouse,
  { party }: CscCaller,
  authorization: CscAuthorization,
  { code, detail }: CscError,
): Promise<void> {
  await house.transactions.transaction((tx) =>
    record(house, tx, { party, authorization }, { description: detail }, code),
  );
}

function record(
  { audit, clock }: CscHouse,
  tx: Transaction,
  { party, authorization }: { party: CscCaller['party']; authorization: CscAuthorization },
  details: Record<string, string | number>,
  refusalCode?: string,
): Promise<void> {
  return audit.record(tx, {
    at: clock.now(),
    actor: SESSION_ACTOR,
    action: 'use-csc-authorization',
    outcome: refusalCode === undefined ? 'accepted' : 'refused',
    subject: authorizationSubject(authorization.id),
    ...(refusalCode !== undefined && { refusalCode }),
    details: { relyingParty: party.id, ...details },
  });
}

/** Other than the session's own content, which is sealed under the session's id. */
function answerName(id: AuthorizationId): string {
  return `csc-answer:${id}`;
}
