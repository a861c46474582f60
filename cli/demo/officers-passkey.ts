import type { CreationOptions, RequestOptions } from '../../ra/passkeys/passkey-ceremony.ts';
import type { SoftwareAuthenticator } from './software-authenticator.ts';

/** Sends as an officer who is signed in; resolves to the status and the body. */
export type SendAsOfficer = (
  method: 'GET' | 'POST',
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
  const { options } = asked.body as { options: CreationOptions };
  const kept = await send('POST', '/api/v1/passkeys', { name, response: authenticator.create(options) });
  if (kept.status !== 201) throw new Error(`the passkey was not registered: ${JSON.stringify(kept.body)}`);
}

/** Reads what would be issued, and signs it; undefined, with the refusal, when it cannot be approved. */
export async function signedApproval(
  send: SendAsOfficer,
  authenticator: SoftwareAuthenticator,
  applicationId: string,
): Promise<{ assertion: object } | { refused: { status: number; body: unknown } }> {
  const answer = await send('GET', `/api/v1/applications/${applicationId}/approval`);
  if (answer.status !== 200) return { refused: answer };
  const { options } = answer.body as { options: RequestOptions };
  return { assertion: authenticator.get(options) };
}

/** Approves as an officer with a passkey does. */
export async function approveWithPasskey(
  send: SendAsOfficer,
  authenticator: SoftwareAuthenticator,
  applicationId: string,
  decision: { version: number; note?: string },
): Promise<{ status: number; body: unknown }> {
  const signed = await signedApproval(send, authenticator, applicationId);
  if ('refused' in signed) return signed.refused;
  return send('POST', `/api/v1/applications/${applicationId}/approve`, { ...decision, ...signed });
}
