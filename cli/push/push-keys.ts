import type { PushKey, PushKeys } from '../../signing/push/push-subscription.ts';
import type { HeldServiceKey, ServiceKeys } from '../service-keys.ts';

/** The service's keys for push, as push services and browsers take them. */
export function pushKeysOf(keys: ServiceKeys): PushKeys {
  return {
    current: async () => pushKeyOf(await keys.current()),
    held: async () => (await keys.held()).map(pushKeyOf),
  };
}

/** Uncompressed point (SEC 1 §2.3.3). */
function pushKeyOf({ kid, signer, jwk }: HeldServiceKey): PushKey {
  const { x, y } = jwk as { x: string; y: string };
  const point = [Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
  return { kid, signer, publicKey: Buffer.concat(point).toString('base64url') };
}
