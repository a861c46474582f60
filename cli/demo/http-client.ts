import type { RequestOptions } from '../../ra/passkeys/passkey-ceremony.ts';

/** What a browser or an office program is to the service: a base address and, once signed in, a cookie. */
export class HttpClient {
  readonly #base: string;
  #cookie = '';

  constructor(base: string) {
    this.#base = base;
  }

  /** Exchanges the secret of a login link for a session. */
  async signIn(loginLink: string): Promise<void> {
    const secret = new URL(loginLink).hash.slice(1);
    const response = await this.#send('POST', '/api/v1/sessions', { loginLink: secret });
    if (response.status !== 201) throw new Error(`signing in failed: ${await response.text()}`);
    this.#cookie = response.headers.getSetCookie()[0].split(';')[0];
  }

  /** Sends JSON and reads JSON; the caller looks at the status. */
  async json(method: string, path: string, body?: unknown): Promise<{ status: number; body: Answer }> {
    const response = await this.#send(method, path, body);
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Answer };
  }

  /** Sends one file as a form does. */
  async upload(path: string, fileName: string, content: Buffer): Promise<{ status: number; body: Answer }> {
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(content)]), fileName);
    const headers = { cookie: this.#cookie };
    const response = await fetch(this.#base + path, { method: 'POST', headers, body: form });
    return { status: response.status, body: (await response.json()) as Answer };
  }

  async download(path: string): Promise<Buffer> {
    const response = await this.#send('GET', path);
    if (response.status !== 200) throw new Error(`GET ${path}: ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  }

  /** Posts octets of a media type and reads octets. */
  async exchange(path: string, mediaType: string, body: Buffer): Promise<Buffer> {
    const headers = { 'content-type': mediaType };
    const response = await fetch(this.#base + path, { method: 'POST', headers, body: new Uint8Array(body) });
    if (response.status !== 200) throw new Error(`POST ${path}: ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  }

  #send(method: string, path: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = { cookie: this.#cookie };
    if (body !== undefined) headers['content-type'] = 'application/json';
    return fetch(this.#base + path, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }
}

/** The fields of answers that the demo looks at; one that is missing fails an expectation. */
export interface Answer {
  tlogProof?: string;
  id: string;
  state: string;
  version: number;
  code: string;
  applicationId: string;
  profile: string;
  certificate: string;
  deskSecret: string;
  /** Of a passkey ceremony. */
  options: RequestOptions;
  /** Of an approval. */
  canonical: string;
  /** Of a session. */
  officeId: string;
  /** Of a card on its way. */
  ticket?: string;
  next?: string;
  applicationState?: string;
  card?: { state: string };
  items: Answer[];
  sha256: string;
  held: number;
  indication: string;
  subIndication?: string;
  reasons: { text: string }[];
  signatures: {
    signer: { name: string; councilNumber: string; profession: string };
    level?: { reached?: string };
  }[];
}
