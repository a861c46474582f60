import { request } from './request.ts';

// Web Push and pairing of a phone.

/** The service's VAPID key, base64url; throws ProblemError `push-not-offered`. */
export async function readPushKey(): Promise<string> {
  const { key } = await request<{ key: string }>('GET', '/device/push-key', { isSigningIn: true });
  return key;
}

export function keepSubscription(
  token: string,
  body: PushSubscriptionJSON & { applicationServerKey: string },
): Promise<void> {
  return request('PUT', '/device/push-subscription', { token, body });
}

export function endSubscription(token: string): Promise<void> {
  return request('DELETE', '/device/push-subscription', { token });
}

/** Takes over the request whose QR code was read; then it waits as every other. */
export function claimPairing(token: string, secret: string): Promise<{ id: string; state: string }> {
  return request('POST', '/device/pairings', { token, body: { secret } });
}
