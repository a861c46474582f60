import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { SignJWT } from 'jose';

import type { CallAnswer, Caller } from './http-caller.ts';
import type { TestService } from './test-service.ts';
import type { Answer } from './software-phone.ts';

export interface SessionView {
  id: string;
  state: string;
  verificationCode: string;
  signatures?: string[];
  certificateSha256?: string;
  pairing?: { uri?: string; claimed: boolean; refusedClaims: number };
  failure?: string;
  code?: string;
}

const TOKEN_URL = 'http://mohr.test/api/v1/oauth/token';

/** A prescription system in software: a registered relying party with a key of its own. */
export class PrescriptionSystem {
  readonly id: string;
  readonly #service: TestService;
  #app: Caller;
  #key: KeyObject;
  #token = '';

  private constructor(service: TestService, id: string, key: KeyObject) {
    this.#service = service;
    this.#app = service.app;
    this.id = id;
    this.#key = key;
  }

  /** Registered by the CA's operator, with a key, and in possession of a token. */
  static async register(
    service: TestService,
    terms: { id?: string; patientView?: 'masked' | 'whole'; callbackUrls?: string[] } = {},
  ): Promise<PrescriptionSystem> {
    const { id = 'his-1', patientView = 'masked', callbackUrls = [] } = terms;
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const system = new PrescriptionSystem(service, id, privateKey);
    const registered = await system.asOperator('POST', '/relying-parties', {
      id,
      displayedName: 'بیمارستان نمونه',
      patientView,
      callbackUrls,
    });
    if (registered.status !== 201) throw new Error(JSON.stringify(registered.body));
    await system.addKey(publicKey);
    await system.authenticate();
    return system;
  }

  async addKey(key: KeyObject): Promise<Answer<{ credentials: { keyId: string }[] }>> {
    return this.asOperator('POST', `/relying-parties/${this.id}/credentials`, {
      jwk: key.export({ format: 'jwk' }),
    });
  }

  /** Signs assertions with another key from now on. */
  use(key: KeyObject): void {
    this.#key = key;
  }

  /** Talks to another node. */
  at(app: Caller): PrescriptionSystem {
    const system = new PrescriptionSystem(this.#service, this.id, this.#key);
    system.#app = app;
    system.#token = this.#token;
    return system;
  }

  async asOperator<T>(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    payload?: object,
  ): Promise<Answer<T>> {
    const cookie = await this.#service.cookieOf('ca-operator');
    const response = await this.#app.inject({ method, url: `/api/v1${path}`, headers: { cookie }, payload });
    const body = response.body === '' ? {} : response.json<object>();
    return { status: response.statusCode, body: body as Answer<T>['body'] };
  }

  assertion(
    override: Partial<{ iss: string; sub: string; aud: string; iat: number; exp: number; jti: string }> = {},
  ): Promise<string> {
    const now = Math.floor(this.#service.clock.now().getTime() / 1000);
    const claims = { iss: this.id, sub: this.id, aud: TOKEN_URL, iat: now, exp: now + 60, jti: randomUUID() };
    return new SignJWT({ ...claims, ...override })
      .setProtectedHeader({ alg: this.#key.asymmetricKeyType === 'rsa' ? 'RS256' : 'ES256' })
      .sign(this.#key);
  }

  async exchange(assertion: string): Promise<Answer<{ access_token: string; error?: string }>> {
    const response = await this.#app.inject({
      method: 'POST',
      url: '/api/v1/oauth/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }).toString(),
    });
    return { status: response.statusCode, body: response.json() };
  }

  async authenticate(): Promise<number> {
    const { status, body } = await this.exchange(await this.assertion());
    if (status === 200) this.#token = body.access_token;
    return status;
  }

  async ask(
    request: object,
    idempotencyKey?: string,
  ): Promise<Answer<SessionView> & Pick<CallAnswer, 'headers'>> {
    const response = await this.#app.inject({
      method: 'POST',
      url: '/api/v1/signature-sessions',
      headers: { ...this.headers, ...(idempotencyKey && { 'idempotency-key': idempotencyKey }) },
      payload: request,
    });
    const { statusCode: status, headers } = response;
    return { status, body: response.json(), headers };
  }

  /** Any operation for relying parties. */
  async post<T>(path: string, payload: object): Promise<Answer<T>> {
    const url = `/api/v1${path}`;
    const response = await this.#app.inject({ method: 'POST', url, headers: this.headers, payload });
    return { status: response.statusCode, body: response.json() };
  }

  async read(id: string, waitSeconds = 0): Promise<Answer<SessionView>> {
    const response = await this.#app.inject({
      url: `/api/v1/signature-sessions/${id}?wait=${waitSeconds}`,
      headers: this.headers,
    });
    return { status: response.statusCode, body: response.json() };
  }

  /** Of a caller who has a token. */
  get headers(): { authorization: string } {
    return { authorization: `Bearer ${this.#token}` };
  }
}
