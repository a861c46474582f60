import type { RelyingParty } from '../relying-parties/relying-party.ts';
import type { CscHouse } from './csc-authorization.ts';
import type { AuthorizationId, CscAuthorization, CscScope } from './csc-authorization.ts';
import { CscError } from './csc-error.ts';
import type { OauthServer } from './oauth-server.ts';

/** Who calls a method of the CSC API, and what the token lets them do. */
export interface CscCaller {
  party: RelyingParty;
  scope: CscScope;
  /** What a holder has confirmed; absent with a token that a client got for itself. */
  authorization?: CscAuthorization;
}

/** The caller behind an access token; throws CscError `invalid_token`. */
export async function callerOfToken(
  house: Pick<CscHouse, 'relyingParties' | 'authorizations'>,
  oauth: OauthServer,
  token: string,
): Promise<CscCaller> {
  const found = await oauth.tokenOf(token);
  const party = found && (await house.relyingParties.terms(found.clientId));
  if (!found || !party || party.disabledAt) throw unknownToken();
  if (found.subject === undefined) return { party, scope: 'service' };
  const authorization = await house.authorizations.find(found.subject as AuthorizationId);
  if (authorization?.relyingPartyId !== party.id) throw unknownToken();
  return { party, scope: authorization.scope, authorization };
}

function unknownToken(): CscError {
  return new CscError('invalid_token', 'The access token is unknown, expired or revoked');
}
