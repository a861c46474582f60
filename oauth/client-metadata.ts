import type { AdapterPayload } from 'oidc-provider';

import type { RedirectUriStore } from '../signing/csc/csc-authorization.ts';
import type { RelyingPartyCredential, RelyingPartyStore } from '../signing/relying-parties/relying-party.ts';

export interface ClientHouse {
  relyingParties: RelyingPartyStore;
  redirectUris: RedirectUriStore;
}

/**
 * A registered relying party as the library knows clients (RFC 7591 §2): by its key, or else by its TLS certificate. Nobody registers
 * here, and there are no secrets that could be shared.
 */
export async function clientMetadata(
  { relyingParties, redirectUris }: ClientHouse,
  clientId: string,
  detailsType: string,
): Promise<AdapterPayload | undefined> {
  const party = await relyingParties.find(clientId);
  if (!party || party.disabledAt) return undefined;
  const authentication = authenticationOf(party.credentials);
  if (!authentication) return undefined;
  const uris = await redirectUris.of(clientId);
  return {
    client_id: clientId,
    client_name: party.displayedName,
    redirect_uris: [...uris],
    response_types: uris.length > 0 ? ['code'] : [],
    grant_types: uris.length > 0 ? ['authorization_code', 'client_credentials'] : ['client_credentials'],
    authorization_details_types: [detailsType],
    ...authentication,
  };
}

function authenticationOf(
  credentials: readonly RelyingPartyCredential[],
): Partial<AdapterPayload> | undefined {
  const keys = credentials.flatMap((one) => (one.kind === 'jwk' ? [{ ...one.jwk, kid: one.keyId }] : []));
  if (keys.length > 0) return { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys } };
  const certificates = credentials.flatMap((one) => (one.kind === 'certificate' ? [one.keyId] : []));
  if (certificates.length === 0) return undefined;
  // Certificates are registered one by one, by their hashes: no subject of any CA stands for one (see `isRegistered`).
  return {
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_subject_dn: certificates.join(' '),
  };
}
