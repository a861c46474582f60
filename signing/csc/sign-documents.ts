import type { CscHouse } from './csc-authorization.ts';
import type { CscCaller } from './csc-caller.ts';
import type { OauthServer } from './oauth-server.ts';
import { releaseSignatures } from './release-signatures.ts';
import { answerOf, madeSignature, placesOf, readWantedSignatures } from './wanted-signatures.ts';
import type { SignDocRequest, SignedDocuments } from './wanted-signatures.ts';

/**
 * Gives out what the phone has signed of documents that it was shown, or of hashes of documents. Throws CscError.
 *
 * @see CSC API v2.0.0.2 §11.11
 */
export function signDocuments(
  house: CscHouse,
  oauth: OauthServer,
  caller: CscCaller,
  request: SignDocRequest,
): Promise<SignedDocuments | { responseID: string }> {
  return releaseSignatures(house, oauth, caller, request, async (released) => {
    const { session, certificate, authorization, signatures } = released;
    const wanted = readWantedSignatures(request, session, certificate);
    const places = placesOf(wanted, authorization.hashes);
    const making = wanted.map((one, index) =>
      madeSignature(house.levelSources, one, session.format, signatures[places[index]]),
    );
    return { answer: answerOf(await Promise.all(making)), count: wanted.length };
  });
}
