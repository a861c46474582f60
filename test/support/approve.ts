import { approveWithPasskey, enrolPasskey } from '../../cli/demo/officers-passkey.ts';
import type { SendAsOfficer } from '../../cli/demo/officers-passkey.ts';
import { SoftwareAuthenticator } from '../../cli/demo/software-authenticator.ts';
import type { TypedApp } from '../../api/typed-app.ts';

/** Where officers of test services sign in. */
export const TEST_ORIGIN = 'https://mohr.test';

const authenticators = new WeakMap<object, Map<string, SoftwareAuthenticator>>();

/** The passkey of whoever is signed in with a cookie; made and enrolled when first asked for. */
export async function passkeyOf(app: TypedApp, cookie: string): Promise<SoftwareAuthenticator> {
  const send = sendAs(app, cookie);
  const { body } = await send('GET', '/api/v1/sessions/current');
  const { id } = body as { id: string };
  const known = authenticators.get(app) ?? new Map<string, SoftwareAuthenticator>();
  authenticators.set(app, known);
  const enrolled = known.get(id);
  if (enrolled) return enrolled;
  // Tests approve side by side.
  const authenticator = new SoftwareAuthenticator(TEST_ORIGIN, { counts: false });
  await enrolPasskey(send, authenticator);
  known.set(id, authenticator);
  return authenticator;
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
