import { createPublicKey } from 'node:crypto';

import type { AuditEvent } from '../../audit/audit-event.ts';
import type { Device } from '../devices/device-login.ts';
import { SESSION_ACTOR } from '../sessions/session.ts';
import { SigningError } from '../signing-error.ts';
import { isAllowedEndpoint } from './push-hosts.ts';
import type { PushTarget, SubscriptionHouse } from './push-subscription.ts';

/** The key that browsers subscribe with; throws SigningError `push-not-offered`. */
export async function readPushKey(house: Pick<SubscriptionHouse, 'pushHosts' | 'pushKeys'>): Promise<string> {
  assertOffered(house);
  return (await house.pushKeys.current()).publicKey;
}

/**
 * Notes where a phone can be woken, until its sign-in ends. Throws SigningError `push-not-offered`, `push-endpoint-not-allowed`,
 * `push-subscription-malformed`, and `push-key-unknown` when the browser subscribed with a key that is not in this deployment.
 */
export async function subscribeDevice(
  house: SubscriptionHouse,
  device: Device,
  target: PushTarget,
  applicationServerKey: string,
): Promise<void> {
  assertOffered(house);
  if (!isAllowedEndpoint(target.endpoint, house.pushHosts))
    throw new SigningError('push-endpoint-not-allowed', 'this is none of the push services that are called');
  if (target.authSecret.length !== AUTH_OCTETS || !isPoint(target.p256dh))
    throw new SigningError('push-subscription-malformed', 'p256dh and auth are not those of a browser');
  const key = (await house.pushKeys.held()).find(({ publicKey }) => publicKey === applicationServerKey);
  if (!key)
    throw new SigningError('push-key-unknown', 'subscribe again, with the key that the service has now');
  const now = house.clock.now();
  await house.transactions.transaction(async (tx) => {
    await house.pushes.subscribe(tx, device, { ...target, kid: key.kid, subscribedAt: now });
    await house.audit.record(tx, eventOf(device, now, 'subscribe-device'));
  });
}

/** Ends the subscription of this sign-in, if there is one. */
export async function unsubscribeDevice(house: SubscriptionHouse, device: Device): Promise<void> {
  await house.transactions.transaction(async (tx) => {
    if (await house.pushes.unsubscribe(tx, device.tokenSha256))
      await house.audit.record(tx, eventOf(device, house.clock.now(), 'unsubscribe-device'));
  });
}

function eventOf({ authorityId, serialNumber }: Device, at: Date, action: string): AuditEvent {
  const subject = `certificate:${authorityId}/${serialNumber.toString('hex')}`;
  return { at, actor: SESSION_ACTOR, action, outcome: 'accepted', subject, details: {} };
}

function assertOffered({ pushHosts }: Pick<SubscriptionHouse, 'pushHosts'>): void {
  if (pushHosts.length === 0)
    throw new SigningError('push-not-offered', 'this deployment wakes no phones: look for requests instead');
}

/** RFC 8291 §3.2. */
const AUTH_OCTETS = 16;
const POINT_OCTETS = 65;

function isPoint(octets: Buffer): boolean {
  if (octets.length !== POINT_OCTETS || octets[0] !== 0x04) return false;
  const [x, y] = [octets.subarray(1, 33), octets.subarray(33)].map((part) => part.toString('base64url'));
  try {
    createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
    return true;
  } catch {
    // Off the curve.
    return false;
  }
}
