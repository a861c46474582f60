import type { DeviceHouse } from '../signing/devices/device-login.ts';
import type { SessionHouse } from '../signing/sessions/session-house.ts';
import type { SubscriptionHouse } from '../signing/push/push-subscription.ts';
import type { ClientTokenHouse } from '../signing/relying-parties/authenticate-client.ts';

/** What the routes of signature sessions call; wired in `cli`. */
export interface SigningServices {
  relyingParties: ClientTokenHouse;
  sessions: SessionHouse;
  /** That one relying party may open. */
  sessionsPerMinute: number;
  devices: DeviceHouse;
  subscriptions: SubscriptionHouse;
  /** Public JWKs that callbacks are signed with. */
  serviceKeys(): Promise<Record<string, unknown>[]>;
}
