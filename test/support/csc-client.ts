import { generateKeyPairSync, webcrypto } from 'node:crypto';

import type { InjectOptions } from 'fastify';
import * as oauth from 'openid-client';

import { faultsBySpecification } from './csc-specification.ts';
import { PrescriptionSystem } from './prescription-system.ts';
import type { TestService } from './test-service.ts';

const CSC_ISSUER = 'http://mohr.test/csc';
const REDIRECT_URI = 'https://his.example/signed';

export interface CscAnswer {
  status: number;
  headers: Record<string, unknown>;
  body: Record<string, unknown> & { error?: string; error_description?: string };
}

/** A signature application: a registered relying party that speaks OAuth by a library of its own, and the CSC API. */
export class CscClient {
  readonly system: PrescriptionSystem;
  readonly config: oauth.Configuration;
  readonly service: TestService;
  token = '';

  private constructor(service: TestService, system: PrescriptionSystem, config: oauth.Configuration) {
    this.service = service;
    this.system = system;
    this.config = config;
  }

  /** Registered with a key and, unless it has no pages of its own, with a redirect URI. */
  static async register(
    service: TestService,
    { id, redirectUris = [REDIRECT_URI] }: { id: string; redirectUris?: string[] },
  ): Promise<CscClient> {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const system = await PrescriptionSystem.register(service, { id });
    await system.addKey(publicKey);
    const set = await system.asOperator('PUT', `/relying-parties/${id}/redirect-uris`, { redirectUris });
    if (set.status !== 200) throw new Error(JSON.stringify(set.body));
    const key = await webcrypto.subtle.importKey(
      'jwk',
      privateKey.export({ format: 'jwk' }),
      { name: 'ECDSA', namedCurve: 'P-256' },
      false,
      ['sign'],
    );
    const config = await oauth.discovery(new URL(CSC_ISSUER), id, undefined, oauth.PrivateKeyJwt(key), {
      algorithm: 'oauth2',
      execute: [oauth.allowInsecureRequests],
      [oauth.customFetch]: injectedFetch(service),
    });
    return new CscClient(service, system, config);
  }

  /** A token of the client itself. */
  async authenticate(): Promise<void> {
    this.token = (await oauth.clientCredentialsGrant(this.config, { scope: 'service' })).access_token;
  }

  async call(method: string, body: object, token = this.token): Promise<CscAnswer> {
    const response = await this.service.app.inject({
      method: 'POST',
      url: `/csc/v2/${method}`,
      headers: token === '' ? {} : { authorization: `Bearer ${token}` },
      payload: body,
    });
    const status = response.statusCode;
    const answered = response.body === '' ? {} : response.json<CscAnswer['body']>();
    const faults = faultsBySpecification({
      method,
      request: body as Record<string, unknown>,
      status,
      body: answered,
    });
    if (faults.length > 0) throw new Error(`${method} is not as specified: ${faults.join('; ')}`);
    return { status, headers: response.headers, body: answered };
  }

  /** Pushes an authorization request with PKCE, and says where the holder's browser has to go. */
  async begin(parameters: Record<string, string>): Promise<BegunFlow> {
    const verifier = oauth.randomPKCECodeVerifier();
    const state = oauth.randomState();
    const url = await oauth.buildAuthorizationUrlWithPAR(this.config, {
      redirect_uri: REDIRECT_URI,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      ...parameters,
    });
    return { url, verifier, state };
  }

  /** Exchanges the code with which the browser has come back. */
  async complete({ verifier, state }: BegunFlow, back: URL): Promise<oauth.TokenEndpointResponse> {
    return oauth.authorizationCodeGrant(this.config, back, {
      pkceCodeVerifier: verifier,
      expectedState: state,
    });
  }
}

export interface BegunFlow {
  url: URL;
  verifier: string;
  state: string;
}

/** A holder's browser: follows redirects inside the service, keeps cookies, and stops where it is sent elsewhere. */
export class HolderBrowser {
  readonly #service: TestService;
  readonly #cookies = new Map<string, string>();
  /** Where it is. */
  address = '';

  constructor(service: TestService) {
    this.#service = service;
  }

  open(url: URL): Promise<BrowserPage> {
    return this.#go({ method: 'GET', url: url.pathname + url.search });
  }

  visit(address: string): Promise<BrowserPage> {
    return this.#go({ method: 'GET', url: address });
  }

  /** What the page does every other second. */
  reload(): Promise<BrowserPage> {
    return this.#go({ method: 'GET', url: this.address });
  }

  send(form: Record<string, string>): Promise<BrowserPage> {
    return this.#go({
      method: 'POST',
      url: this.address,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams(form).toString(),
    });
  }

  async #go(request: InjectOptions & { url: string }): Promise<BrowserPage> {
    this.address = request.url;
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await this.#service.app.inject({
      ...request,
      headers: { ...request.headers, accept: 'text/html', cookie, host: 'mohr.test' },
    });
    for (const { name, value } of response.cookies) this.#cookies.set(name, value);
    const { location } = response.headers;
    if (location === undefined)
      return { status: response.statusCode, html: response.body, headers: response.headers };
    const to = new URL(location, CSC_ISSUER);
    if (to.origin !== new URL(CSC_ISSUER).origin)
      return { status: response.statusCode, html: '', headers: response.headers, leftFor: to };
    return this.#go({ method: 'GET', url: to.pathname + to.search });
  }
}

export interface BrowserPage {
  status: number;
  html: string;
  headers: Record<string, unknown>;
  /** Where the browser was sent back to. */
  leftFor?: URL;
}

/** The code that a page shows. */
export function codeOn({ html }: BrowserPage): string | undefined {
  return /<output>(\d{4})<\/output>/.exec(html)?.[1];
}

/** What a library fetches goes through every layer of the service, without a socket. */
function injectedFetch({ app }: TestService): oauth.CustomFetch {
  return async (url, { method, headers, body }) => {
    const { pathname, search } = new URL(url);
    const response = await app.inject({
      method: method as 'GET',
      url: pathname + search,
      headers,
      ...(body !== undefined && { payload: String(body as URLSearchParams | string) }),
    });
    const isEmpty = response.statusCode === 204;
    return new Response(isEmpty ? null : response.body, {
      status: response.statusCode,
      headers: Object.entries(response.headers).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, String(value)] as [string, string]],
      ),
    });
  };
}
