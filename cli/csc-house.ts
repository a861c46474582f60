import type { Logger } from 'pino';

import { CSC_PREFIX } from '../api/csc/csc-services.ts';
import type { CscServices } from '../api/csc/csc-services.ts';
import type { SigningServices } from '../api/signing-services.ts';
import type { Clock } from '../core/clock.ts';
import { openOidcOauthServer } from '../oauth/oidc-oauth-server.ts';
import { CSC_SCOPES, SAD_SECONDS } from '../signing/csc/csc-authorization.ts';
import { CscError } from '../signing/csc/csc-error.ts';
import { CREDENTIAL_DETAILS, OAUTH_PARAMETERS, readOauthRequest } from '../signing/csc/read-oauth-request.ts';
import { TOKEN_SECONDS } from '../signing/relying-parties/authenticate-client.ts';
import type { Vault } from '../signing/sealed-content.ts';
import { startPulse } from './start-pulse.ts';
import type { Stores } from './stores.ts';

export interface CscOptions {
  stores: Stores;
  sessions: SigningServices['sessions'];
  vault: Vault;
  publicUrl: string;
  clock: Clock;
  logger: Logger;
}

const PRUNING_MILLISECONDS = 600_000;

/** Wires the CSC API: authorizations over signature sessions, and the OAuth server. */
export async function openCsc({
  stores,
  sessions,
  vault,
  publicUrl,
  clock,
  logger,
}: CscOptions): Promise<{ services: CscServices; stop(): Promise<void> }> {
  const baseUrl = `${publicUrl}${CSC_PREFIX}`;
  const house = {
    ...sessions,
    relyingParties: stores.relyingParties,
    authorizations: stores.cscAuthorizations,
    redirectUris: stores.redirectUris,
  };
  const oauth = await openOidcOauthServer({
    house: { ...stores, records: stores.oauthRecords, vault, clock },
    issuer: baseUrl,
    parameters: OAUTH_PARAMETERS,
    scopes: CSC_SCOPES,
    detailsType: CREDENTIAL_DETAILS,
    refusalOf,
    interactionPath: '/oauth2/interaction',
    accessTokenSeconds: { service: TOKEN_SECONDS, credential: SAD_SECONDS },
    onFault: (err) => logger.error({ err }, 'the OAuth server met a fault'),
  });
  const pruning = startPulse(PRUNING_MILLISECONDS, async () => {
    const now = clock.now();
    await Promise.all([stores.oauthRecords.prune(now), stores.cscAuthorizations.pruneAnswers(now)]).catch(
      (err: unknown) => logger.error({ err }, 'what the CSC API has kept cannot be forgotten'),
    );
  });
  return { services: { house, oauth, baseUrl }, stop: () => pruning.stop() };
}

function refusalOf(params: Readonly<Record<string, unknown>>): string | undefined {
  try {
    // What hashes mean to a client refuses none of them here.
    readOauthRequest(params, { mayHandInDigests: false });
    return undefined;
  } catch (error) {
    if (error instanceof CscError) return error.detail;
    throw error;
  }
}
