import { newId } from '../../core/ids.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { RelyingParty } from '../relying-parties/relying-party.ts';
import { createSession } from '../sessions/create-session.ts';
import type { CredentialReference } from '../sessions/credential.ts';
import type { DocumentInput } from '../sessions/read-documents.ts';
import { SESSION_ACTOR, SESSION_SECONDS } from '../sessions/session.ts';
import type { SignatureFormat } from '../assemble-signature.ts';
import { authorizationSubject } from './csc-authorization.ts';
import type { AuthorizationId, CscAuthorization, CscHouse } from './csc-authorization.ts';
import { CSC_TEXTS } from './csc-language.ts';
import type { CscLanguage } from './csc-language.ts';
import { inCscWords } from './csc-refusals.ts';
import { holderOfUserId } from './holder-of-user-id.ts';
import type { SigningRequest } from './read-signing-request.ts';

interface Opening {
  /** SHA-256 over the request as it came. */
  requestSha256: Buffer;
  /** Of the page that the holder waits on. */
  interactionSha256?: Buffer;
}

/** Asks the phone for a signature over exactly these hashes; throws CscError. */
export function openSigningAuthorization(
  house: CscHouse,
  party: RelyingParty,
  request: SigningRequest,
  opening: Opening,
): Promise<CscAuthorization> {
  const { certificateSha256, format, documents, hashes } = request;
  return open(house, party, {
    ...opening,
    scope: 'credential',
    reference: { certificateSha256 },
    format,
    documents,
    hashes,
  });
}

/** Asks a holder on the phone to be known to a party: what is signed is the sentence that says so. Throws CscError. */
export function openServiceAuthorization(
  house: CscHouse,
  party: RelyingParty,
  { userId, language, ...opening }: Opening & { userId: string; language: CscLanguage },
): Promise<CscAuthorization> {
  const { listTitle, listText } = CSC_TEXTS[language];
  const displayText = `${listText(party.displayedName)}\n${house.clock.now().toISOString()}`;
  const sha256 = digest('sha256', Buffer.from(displayText));
  return open(house, party, {
    ...opening,
    scope: 'service',
    userId,
    reference: holderOfUserId(userId),
    format: 'cades',
    documents: [{ title: listTitle, sha256, displayText }],
    hashes: [],
  });
}

/** The one that the same request has opened before and that nobody has used: its answer was lost. */
export function reopenedAuthorization(
  { authorizations, clock }: CscHouse,
  party: RelyingParty,
  requestSha256: Buffer,
): Promise<CscAuthorization | undefined> {
  const since = new Date(clock.now().getTime() - SESSION_SECONDS * 1000);
  return authorizations.ofRequest(party.id, requestSha256, since);
}

type Opened = Opening &
  Pick<CscAuthorization, 'scope' | 'userId' | 'hashes'> & {
    reference: CredentialReference;
    format: SignatureFormat;
    documents: readonly DocumentInput[];
  };

/** A crash between the two leaves a session that the phone ends by itself, and nobody who could fetch what it signs. */
async function open(house: CscHouse, party: RelyingParty, opened: Opened): Promise<CscAuthorization> {
  const { reference, format, documents, ...facts } = opened;
  const { requestSha256 } = facts;
  const session = await inCscWords(() =>
    createSession(house, party, { credential: reference, format, documents, requestSha256 }),
  );
  const id: AuthorizationId = newId(house.clock);
  const authorization: CscAuthorization = {
    ...facts,
    id,
    relyingPartyId: party.id,
    sessionId: session.id,
    createdAt: house.clock.now(),
  };
  const isFirst = await house.transactions.transaction(async (tx) => {
    if (!(await house.authorizations.insert(tx, authorization))) return false;
    await house.audit.record(tx, {
      at: authorization.createdAt,
      actor: SESSION_ACTOR,
      action: 'ask-csc-authorization',
      outcome: 'accepted',
      subject: authorizationSubject(id),
      details: {
        relyingParty: party.id,
        session: session.id,
        scope: facts.scope,
        hashes: facts.hashes.length,
      },
    });
    return true;
  });
  if (isFirst || !facts.interactionSha256) return authorization;
  // The page was loaded twice at once.
  return (await house.authorizations.ofInteraction(facts.interactionSha256))!;
}
