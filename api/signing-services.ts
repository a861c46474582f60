import type { DeviceHouse } from '../signing/devices/device-login.ts';
import type { DeviceSessionHouse } from '../signing/devices/open-request.ts';
import type { SubscriptionHouse } from '../signing/push/push-subscription.ts';
import type { ClientTokenHouse } from '../signing/relying-parties/authenticate-client.ts';

/** What the routes of signature sessions call; wired in `cli`. */
export interface SigningServices {
  relyingParties: ClientTokenHouse;
  sessions: DeviceSessionHouse;
  devices: DeviceHouse;
  subscriptions: SubscriptionHouse;
  /** Public JWKs that callbacks are signed with. */
  serviceKeys(): Promise<Record<string, unknown>[]>;
}
