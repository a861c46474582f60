import type { CreationOptions, RequestOptions } from '../../ra/passkeys/passkey-ceremony.ts';
import type { SoftwareAuthenticator } from './software-authenticator.ts';

/** Sends as an officer who is signed in; resolves to the status and the body. */
export type SendAsOfficer = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: object,
) => Promise<{ status: number; body: unknown }>;

/** Makes a passkey for whoever is signed in, and registers it. */
export async function enrolPasskey(
  send: SendAsOfficer,
  authenticator: SoftwareAuthenticator,
  name = 'a software key',
): Promise<void> {
  const asked = await send('POST', '/api/v1/passkey-registrations', {});
  if (asked.status !== 201 && asked.status !== 200)
    throw new Error(`no passkey may be registered: ${JSON.stringify(asked.body)}`);
  const { options } = asked.body as { options: CreationOptions };
  const kept = await send('POST', '/api/v1/passkeys', { name, response: authenticator.create(options) });
  if (kept.status !== 201) throw new Error(`the passkey was not registered: ${JSON.stringify(kept.body)}`);
}

/** Approves as an officer with a passkey does: reads what would be issued, signs that, and sends it. */
export async function approveWithPasskey(
  send: SendAsOfficer,
  authenticator: SoftwareAuthenticator,
  applicationId: string,
  decision: { version: number; note?: string },
): Promise<{ status: number; body: unknown }> {
  const path = `/api/v1/applications/${applicationId}`;
  const prepared = await send('GET', `${path}/approval`);
  if (prepared.status !== 200) return prepared;
  const { options } = prepared.body as { options: RequestOptions };
  return send('POST', `${path}/approve`, { ...decision, assertion: authenticator.get(options) });
}
