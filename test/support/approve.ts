import { createECDH, createHash, createPrivateKey } from 'node:crypto';

import { approveWithPasskey, enrolPasskey } from '../../cli/demo/officers-passkey.ts';
import type { SendAsOfficer } from '../../cli/demo/officers-passkey.ts';
import { SoftwareAuthenticator } from '../../cli/demo/software-authenticator.ts';
import type { TypedApp } from '../../api/typed-app.ts';

/** Where officers of test services sign in. */
export const TEST_ORIGIN = 'https://mohr.test';

const authenticators = new WeakMap<object, Map<string, SoftwareAuthenticator>>();

/**
 * The passkey of whoever is signed in with a cookie; enrolled when first asked for. Its key follows from the officer's id: another
 * process over the same database has the same one.
 */
export async function passkeyOf(app: TypedApp, cookie: string): Promise<SoftwareAuthenticator> {
  const send = sendAs(app, cookie);
  const { body } = await send('GET', '/api/v1/sessions/current');
  const { id } = body as { id: string };
  // Services that start from one prepared deployment have officers of the same ids, each with passkeys of its own.
  const known = authenticators.get(app) ?? new Map<string, SoftwareAuthenticator>();
  authenticators.set(app, known);
  const before = known.get(id);
  if (before) return before;
  const authenticator = authenticatorOf(id);
  const { body: enrolled } = await send('GET', '/api/v1/passkeys');
  if ((enrolled as { items: unknown[] }).items.length === 0) await enrolPasskey(send, authenticator);
  known.set(id, authenticator);
  return authenticator;
}

/** Of the same officer it is the same one, in every process. */
export function authenticatorOf(officerId: string): SoftwareAuthenticator {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(createHash('sha256').update(`passkey of ${officerId}`).digest());
  const point = ecdh.getPublicKey();
  const [x, y, d] = [point.subarray(1, 33), point.subarray(33), ecdh.getPrivateKey()].map((octets) =>
    Buffer.concat([Buffer.alloc(32 - octets.length), octets]).toString('base64url'),
  );
  const privateKey = createPrivateKey({ key: { kty: 'EC', crv: 'P-256', x, y, d }, format: 'jwk' });
  // Tests approve side by side.
  return new SoftwareAuthenticator(TEST_ORIGIN, {
    counts: false,
    privateKey,
    credentialId: createHash('sha256').update(officerId).digest(),
  });
}

/** Approves as the signed-in officer does, by a real assertion over what is to be issued. */
export async function approve(
  app: TypedApp,
  cookie: string,
  applicationId: string,
  decision: { version: number; note?: string } = { version: 1 },
): Promise<{ status: number; body: { state: string; code: string; decisionNote?: string } }> {
  const authenticator = await passkeyOf(app, cookie);
  const answer = await approveWithPasskey(sendAs(app, cookie), authenticator, applicationId, decision);
  return answer as Awaited<ReturnType<typeof approve>>;
}

/** Sends JSON as whoever has the cookie. */
export function sendAs(app: TypedApp, cookie: string): SendAsOfficer {
  return async (method, url, payload) => {
    const response = await app.inject({ method, url, headers: { cookie }, payload });
    return { status: response.statusCode, body: response.body === '' ? undefined : response.json<unknown>() };
  };
}
