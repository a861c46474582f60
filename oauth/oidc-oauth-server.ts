import { createHash, generateKeyPairSync } from 'node:crypto';
import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';

import type * as OidcLibrary from 'oidc-provider';
import type {
  Adapter,
  AuthorizationDetail,
  Configuration,
  JWK,
  KoaContextWithOIDC,
  Provider,
} from 'oidc-provider';

import type { OauthInteraction, OauthOutcome, OauthServer, OauthToken } from '../signing/csc/oauth-server.ts';
import { clientMetadata } from './client-metadata.ts';
import type { ClientHouse } from './client-metadata.ts';
import { SealedAdapter } from './sealed-adapter.ts';
import type { RecordHouse } from './sealed-adapter.ts';

export interface OauthServerOptions {
  house: ClientHouse & RecordHouse;
  /** Address that everything here is below of. */
  issuer: string;
  /** Parameters of requests beyond those of OAuth 2.0. */
  parameters: readonly string[];
  scopes: readonly string[];
  /** Type of authorization details (RFC 9396 §2). */
  detailsType: string;
  /** Why a request is not to be taken; undefined: it is. */
  refusalOf(params: Readonly<Record<string, unknown>>): string | undefined;
  /** Where a holder's browser is sent to, below the issuer. */
  interactionPath: string;
  accessTokenSeconds: { service: number; credential: number };
  onFault(error: unknown): void;
}

const ASSERTION_SECONDS_MAX = 60;
/** Clocks of two machines differ. */
const CLOCK_SECONDS_MAX = 15;
const CODE_SECONDS = 60;
/** The phone has three minutes, and the holder has to say who it is first. */
const INTERACTION_SECONDS = 600;
const HELD_SECONDS = 900;

/**
 * OAuth 2.0 by oidc-provider: authorization code with PKCE, requests pushed by authenticated clients (RFC 9126), client credentials,
 * revocation. Nothing of OpenID Connect is offered, and nobody stays signed in: each request is confirmed for itself.
 */
export async function openOidcOauthServer(options: OauthServerOptions): Promise<OauthServer> {
  // Loaded when a service starts, not with every command; on Node 20 the library warns that it is not tested there. Our tests are.
  const library = await import('oidc-provider');
  const provider = new library.Provider(options.issuer, configurationOf(library, options));
  provider.proxy = true;
  provider.on('server_error', (_context, error) => options.onFault(error));
  const callback = provider.callback();
  const asIssued = (request: IncomingMessage) => asIssuedBy(options.issuer, request);
  return {
    handle: async (request, response) => void (await callback(asIssued(request), response)),
    interactionOf: (request, response) => interactionOf(library, provider, asIssued(request), response),
    finish: (request, response, outcome) => finish(provider, asIssued(request), response, outcome),
    tokenOf: (token) => tokenOf(provider, token),
    revoke: (clientId, token) => revoke(provider, clientId, token),
  };
}

function configurationOf(library: typeof OidcLibrary, options: OauthServerOptions): Configuration {
  const { parameters, scopes, issuer, interactionPath, accessTokenSeconds } = options;
  const { interactionPolicy, errors } = library;
  const check = ({ oidc }: KoaContextWithOIDC) => {
    const refusal = options.refusalOf({ ...oidc.params });
    if (refusal !== undefined) throw new errors.InvalidRequest(refusal);
  };
  const [first, ...others] = parameters;
  const asked = new interactionPolicy.Prompt(
    { name: 'phone', requestable: false },
    new interactionPolicy.Check(
      'phone_confirms',
      'the holder confirms on the phone',
      'interaction_required',
      ({ oidc }) =>
        oidc.result?.login
          ? interactionPolicy.Check.NO_NEED_TO_PROMPT
          : interactionPolicy.Check.REQUEST_PROMPT,
    ),
  );
  const policy = interactionPolicy.base();
  policy.clear();
  policy.add(asked);
  return {
    adapter: (kind: string) => adapterOf(kind, options),
    scopes: [...scopes],
    claims: {},
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    // No page of another origin talks to it: codes are exchanged by clients that authenticate.
    clientBasedCORS: () => false,
    clientAuthMethods: ['private_key_jwt', 'tls_client_auth'],
    enabledJWA: { clientAuthSigningAlgValues: ['ES256', 'ES384', 'EdDSA', 'Ed25519', 'PS256', 'RS256'] },
    // The library has seen that it is not over, and not of the future.
    assertJwtClientAuthClaimsAndHeader: (_context, { exp, iat }) => {
      if (typeof iat !== 'number' || typeof exp !== 'number' || exp - iat > ASSERTION_SECONDS_MAX)
        throw new errors.InvalidClientAuth(
          `the assertion lives longer than ${ASSERTION_SECONDS_MAX} seconds`,
        );
    },
    clockTolerance: CLOCK_SECONDS_MAX,
    extraParams: {
      [first]: (context: KoaContextWithOIDC) => check(context),
      ...Object.fromEntries(others.map((name) => [name, null])),
    },
    extraTokenClaims: (_context, token) => {
      if (token.kind === 'ClientCredentials' && token.scope?.split(' ').includes('credential'))
        throw new errors.InvalidScope('a holder gives it, not a client', 'credential');
      return undefined;
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      dPoP: { enabled: false },
      // The library ties authorization details to a resource, which is always this service.
      resourceIndicators: {
        enabled: true,
        defaultResource: ({ oidc }) => (oidc.params?.['authorization_details'] ? issuer : undefined),
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({ scope: scopes.join(' '), accessTokenFormat: 'opaque' }),
      },
      clientCredentials: { enabled: true },
      revocation: { enabled: true },
      pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
      mTLS: {
        enabled: true,
        tlsClientAuth: true,
        getCertificate: certificateOf,
        certificateAuthorized: (context) => certificateOf(context) !== undefined,
        certificateSubjectMatches: (context, _property, expected) => isRegistered(context, expected),
      },
      richAuthorizationRequests: {
        enabled: true,
        types: { [options.detailsType]: { validate: (context) => check(context) } },
        authorizationDetailsForGrantSource: ({ oidc }) =>
          withoutDocuments(oidc.params?.['authorization_details']),
        authorizationDetailsForAccessToken: (_context, _token, source) =>
          (source as { rar?: readonly AuthorizationDetail[] } | undefined)?.rar,
      },
    },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: {
      policy,
      url: (_context, { uid }) => `${pathOf(issuer)}${interactionPath}/${uid}`,
    },
    // Nobody stays signed in, so nothing ends with a session.
    expiresWithSession: () => false,
    issueRefreshToken: () => Promise.resolve(false),
    // It signs nothing: tokens are random numbers.
    jwks: { keys: [unusedKey()] },
    pkce: { required: () => true },
    renderError: (context, { error, error_description: description }) => {
      context.type = 'text/plain';
      context.body = `${error}: ${description ?? ''}`;
    },
    responseTypes: ['code'],
    routes: {
      authorization: '/oauth2/authorize',
      token: '/oauth2/token',
      revocation: '/oauth2/revoke',
      pushed_authorization_request: '/oauth2/pushed_authorize',
      jwks: '/oauth2/jwks',
    },
    ttl: {
      AccessToken: (_context, token) =>
        token.scope === 'service' ? accessTokenSeconds.service : accessTokenSeconds.credential,
      ClientCredentials: () => accessTokenSeconds.service,
      AuthorizationCode: CODE_SECONDS,
      Grant: HELD_SECONDS,
      Interaction: INTERACTION_SECONDS,
      Session: INTERACTION_SECONDS,
    },
  };
}

/** Clients are the relying parties, sessions are not kept, everything else lies sealed. */
function adapterOf(kind: string, { house, detailsType }: OauthServerOptions): Adapter {
  if (kind === 'Client') return { ...NOTHING, find: (id) => clientMetadata(house, id, detailsType) };
  if (kind === 'Session') return NOTHING;
  return new SealedAdapter(kind, house);
}

const nothing = () => Promise.resolve(undefined);
const NOTHING: Adapter = {
  upsert: nothing,
  find: nothing,
  findByUid: nothing,
  findByUserCode: nothing,
  consume: nothing,
  destroy: nothing,
  revokeByGrantId: nothing,
};

async function interactionOf(
  { errors }: typeof OidcLibrary,
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<OauthInteraction | undefined> {
  try {
    const { uid, params } = await provider.interactionDetails(request, response);
    return { secret: uid, clientId: String(params['client_id']), params };
  } catch (error) {
    if (error instanceof errors.SessionNotFound) return undefined;
    throw error;
  }
}

async function finish(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  outcome: OauthOutcome,
): Promise<void> {
  if ('error' in outcome) {
    const { error, description } = outcome;
    await provider.interactionFinished(request, response, { error, error_description: description });
    return;
  }
  const { params } = await provider.interactionDetails(request, response);
  const accountId = outcome.subject;
  const grant = new provider.Grant({ accountId, clientId: String(params['client_id']) });
  if (typeof params['scope'] === 'string') grant.addOIDCScope(params['scope']);
  const grantId = await grant.save();
  const result = { login: { accountId, remember: false }, consent: { grantId } };
  await provider.interactionFinished(request, response, result);
}

async function tokenOf(provider: Provider, token: string): Promise<OauthToken | undefined> {
  const found = await findToken(provider, token);
  if (!found?.clientId) return undefined;
  return {
    clientId: found.clientId,
    ...('accountId' in found && { subject: found.accountId }),
  };
}

async function revoke(provider: Provider, clientId: string, token: string): Promise<void> {
  const found = await findToken(provider, token);
  if (found?.clientId === clientId) await found.destroy();
}

async function findToken(provider: Provider, token: string) {
  return (await provider.AccessToken.find(token)) ?? provider.ClientCredentials.find(token);
}

function certificateOf({ req: { socket } }: KoaContextWithOIDC): X509Certificate | undefined {
  return socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
}

function isRegistered(context: KoaContextWithOIDC, registered: string): boolean {
  const certificate = certificateOf(context);
  if (!certificate) return false;
  const fingerprint = createHash('sha256').update(certificate.raw).digest('hex');
  return registered.split(' ').includes(fingerprint);
}

/** What a token says of the details: the documents themselves were for the phone. */
function withoutDocuments(text: unknown): AuthorizationDetail[] | undefined {
  if (typeof text !== 'string') return undefined;
  const details = JSON.parse(text) as (AuthorizationDetail & { documentDigests?: object[] })[];
  return details.map(({ documentDigests = [], ...detail }) => ({
    ...detail,
    documentDigests: documentDigests.map((entry) => {
      const { hash, label } = entry as { hash: string; label?: string };
      return { hash, ...(label !== undefined && { label }) };
    }),
  }));
}

/** The library wants a key for tokens of OpenID Connect, of which there are none. */
function unusedKey(): JWK {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig' };
}

/**
 * The request as if it had come to the issuer's own address. The library makes its addresses, and whether cookies are for TLS only, of
 * what a request says of itself, and anybody may write a Host.
 */
function asIssuedBy(issuer: string, request: IncomingMessage): IncomingMessage {
  const { host, protocol } = new URL(issuer);
  const forwarded = { 'x-forwarded-host': host, 'x-forwarded-proto': protocol.slice(0, -1) };
  Object.assign(request.headers, { host, ...forwarded });
  return Object.assign(request, { originalUrl: `${pathOf(issuer)}${request.url ?? ''}` });
}

function pathOf(issuer: string): string {
  return new URL(issuer).pathname;
}
