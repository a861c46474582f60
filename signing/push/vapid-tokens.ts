import type { Clock } from '../../core/clock.ts';
import { signJwt } from '../compact-jws.ts';
import type { PushKey } from './push-subscription.ts';

/** RFC 8292 §2 allows a day. */
const LIFE_SECONDS = 12 * 3600;
/** Push services are few; somebody who subscribes at ever new hosts of a pattern fills nothing. */
const KEPT_MAX = 200;

/** By what push services know who asks (RFC 8292), one token for each of them and half its life. */
export class VapidTokens {
  readonly #contact: string;
  readonly #clock: Clock;
  readonly #kept = new Map<string, { until: number; authorization: string }>();

  /** `contact` is a mailto: or https: address of who runs the service. */
  constructor(contact: string, clock: Clock) {
    this.#contact = contact;
    this.#clock = clock;
  }

  /** Value of the Authorization header for an endpoint. */
  async authorizationFor({ kid, signer, publicKey }: PushKey, endpoint: string): Promise<string> {
    const audience = new URL(endpoint).origin;
    const name = `${kid} ${audience}`;
    const now = Math.floor(this.#clock.now().getTime() / 1000);
    const kept = this.#kept.get(name);
    if (kept && kept.until > now) return kept.authorization;
    const claims = { aud: audience, exp: now + LIFE_SECONDS, sub: this.#contact };
    const authorization = `vapid t=${await signJwt(signer, { typ: 'JWT' }, claims)}, k=${publicKey}`;
    if (this.#kept.size >= KEPT_MAX) this.#kept.clear();
    this.#kept.set(name, { until: now + LIFE_SECONDS / 2, authorization });
    return authorization;
  }
}
