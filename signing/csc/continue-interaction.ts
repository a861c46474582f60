import { canonicalJson } from '../../core/canonical-json.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { RelyingParty } from '../relying-parties/relying-party.ts';
import { isConfirmed } from './activation-data.ts';
import type { CscAuthorization, CscHouse } from './csc-authorization.ts';
import { CscError, invalidParameter } from './csc-error.ts';
import { languageOf } from './csc-language.ts';
import type { CscLanguage } from './csc-language.ts';
import type { OauthInteraction, OauthOutcome } from './oauth-server.ts';
import { openServiceAuthorization, openSigningAuthorization } from './open-authorization.ts';
import { readOauthRequest } from './read-oauth-request.ts';

/** What a holder's browser shows next. */
export type InteractionStep = { language: CscLanguage } & (
  | { show: 'name'; party: string; isUnknown: boolean }
  | { show: 'code'; party: string; verificationCode: string }
  | { show: 'end'; outcome: OauthOutcome }
);

/**
 * Goes on with what a holder's browser has come for: asks who it is where the request does not say it, has the phone asked, once, and
 * waits for the phone's answer. The phone's confirmation is the consent: nothing on the page can give it.
 */
export async function continueInteraction(
  house: CscHouse,
  interaction: OauthInteraction,
  userId?: string,
): Promise<InteractionStep> {
  const language = languageOf(textOf(interaction.params['lang']));
  try {
    return { language, ...(await stepOf(house, interaction, language, userId)) };
  } catch (error) {
    if (!(error instanceof CscError)) throw error;
    return { language, show: 'end', outcome: { error: oauthErrorOf(error), description: error.detail } };
  }
}

type Step = InteractionStep extends infer S ? (S extends unknown ? Omit<S, 'language'> : never) : never;

async function stepOf(
  house: CscHouse,
  interaction: OauthInteraction,
  language: CscLanguage,
  userId: string | undefined,
): Promise<Step> {
  const party = await house.relyingParties.terms(interaction.clientId);
  if (!party || party.disabledAt)
    throw new CscError('unauthorized_client', 'The client is not allowed any more');
  const interactionSha256 = digest('sha256', Buffer.from(interaction.secret));
  const open =
    (await house.authorizations.ofInteraction(interactionSha256)) ??
    (await openFor(house, party, { interaction, interactionSha256, language, userId }));
  if (open === undefined) {
    return { show: 'name', party: party.displayedName, isUnknown: userId !== undefined };
  }
  if (await isConfirmed(house, open)) return { show: 'end', outcome: { subject: open.id } };
  const session = await house.sessions.find(open.sessionId);
  return { show: 'code', party: party.displayedName, verificationCode: session!.verificationCode };
}

interface Asked {
  interaction: OauthInteraction;
  interactionSha256: Buffer;
  language: CscLanguage;
  userId: string | undefined;
}

/** Undefined while it is not known whom to ask. */
async function openFor(
  house: CscHouse,
  party: RelyingParty,
  { interaction, interactionSha256, language, userId }: Asked,
): Promise<CscAuthorization | undefined> {
  const request = readOauthRequest(interaction.params, party);
  const requestSha256 = digest('sha256', Buffer.from(canonicalJson({ ...interaction.params })));
  const opening = { requestSha256, interactionSha256 };
  if (request.scope === 'credential') return openSigningAuthorization(house, party, request.signing, opening);
  if (userId === undefined) return undefined;
  try {
    return await openServiceAuthorization(house, party, { ...opening, userId, language });
  } catch (error) {
    // A name that was mistyped, or that nobody has, is asked for again.
    if (isAboutName(error)) return undefined;
    throw error;
  }
}

function isAboutName(error: unknown): boolean {
  const names = [invalidParameter('userID').detail, invalidParameter('credentialID').detail];
  return error instanceof CscError && names.includes(error.detail);
}

/** RFC 6749 §4.1.2.1 knows fewer errors than the CSC API. */
function oauthErrorOf({ code }: CscError): string {
  return code === 'invalid_authentication_data' ? 'access_denied' : code;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
