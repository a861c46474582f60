import { createPrivateKey, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { SignJWT } from 'jose';

import type { Clock } from '../../core/clock.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { STRUCTURED_MEDIA_TYPES } from '../../signing/display/display-document.ts';
import { SignError } from './sign-error.ts';

/** Whose phone is asked, by whom and where. */
export interface SessionKey {
  /** Base of the service, without a slash at the end. */
  service: string;
  /** Id of the relying party, and its private key in PEM. */
  client: string;
  clientKeyFile: string;
  holder: { group: string; digits: string };
}

export interface SessionOrder {
  key: SessionKey;
  content: Buffer;
  /** What the phone lists, and shows of what it cannot read. */
  title: string;
  format: string;
  mimeType?: string;
  clock: Clock;
  /** Told the code that the phone shows as well. */
  onCode(code: string): void;
}

interface SessionView {
  id: string;
  state: string;
  verificationCode: string;
  signatures?: string[];
}

const OPEN_STATES = ['CREATED', 'DELIVERED', 'DISPLAYED'];
const ASSERTION_SECONDS = 60;
const WAIT_SECONDS = 25;
/** A wait, and time for the answer on its way. */
const TIMEOUT_MILLISECONDS = (WAIT_SECONDS + 10) * 1_000;

/**
 * Has a document signed on its holder's phone, as a relying party of a service: prescriptions are shown and enveloped, of anything else
 * the hash is signed, detached. Throws SignError `session-refused` or `session-ended`.
 */
export async function signInSession(order: SessionOrder): Promise<Buffer> {
  const { key, format, onCode } = order;
  const { service } = key;
  const authorization = `Bearer ${await tokenOf(order)}`;
  const url = `${service}/api/v1/signature-sessions`;
  let session = await ask<SessionView>(url, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({
      holder: { councilNumber: key.holder },
      format,
      documents: [documentOf(order)],
    }),
  });
  onCode(session.verificationCode);
  while (OPEN_STATES.includes(session.state))
    session = await ask(`${url}/${session.id}?wait=${WAIT_SECONDS}`, { headers: { authorization } });
  const [signature] = session.signatures ?? [];
  if (signature === undefined)
    throw new SignError('session-ended', `the session ended without a signature: ${session.state}`);
  return Buffer.from(signature, 'base64');
}

function documentOf({ content, title, mimeType }: SessionOrder): object {
  if (STRUCTURED_MEDIA_TYPES.some((known) => known === mimeType))
    return { title, mediaType: mimeType, content: content.toString('base64') };
  return { title, sha256: digest('sha256', content).toString('hex'), displayText: title };
}

/** Client credentials by a signed assertion (RFC 7523 §2.2). */
async function tokenOf({ key: { service, client, clientKeyFile }, clock }: SessionOrder): Promise<string> {
  const pem = await readFile(clientKeyFile).catch((cause: unknown) => {
    throw new SignError('certificate-missing', `${clientKeyFile} cannot be read`, { cause });
  });
  const key = createPrivateKey(pem);
  const url = `${service}/api/v1/oauth/token`;
  const now = Math.floor(clock.now().getTime() / 1000);
  const assertion = await new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: key.asymmetricKeyType === 'rsa' ? 'RS256' : 'ES256' })
    .setIssuer(client)
    .setSubject(client)
    .setAudience(url)
    .setIssuedAt(now)
    .setExpirationTime(now + ASSERTION_SECONDS)
    .sign(key);
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  });
  return (await ask<{ access_token: string }>(url, { method: 'POST', body: form })).access_token;
}

async function ask<Answer>(url: string, request: RequestInit): Promise<Answer> {
  const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
  const response = await fetch(url, { ...request, redirect: 'error', signal }).catch((cause: unknown) => {
    throw new SignError('session-refused', `${url} does not answer`, { cause });
  });
  const body = (await response.json().catch(() => ({}))) as Answer & { code?: string; detail?: string };
  if (response.ok) return body;
  const detail = [body.code, body.detail].filter(Boolean).join(': ');
  throw new SignError('session-refused', `the service answers ${response.status} ${detail}`);
}
