import type { Delivery } from './application.ts';
import type { KeyStoreKind } from './self-service/self-service-house.ts';

export interface DeliveryRules {
  /** Whose profiles it is for; absent: any. */
  keyStore?: KeyStoreKind;
  /** Whether the key is known when the application is filed, and so is what the second officer approves. */
  hasKey: boolean;
  /** Whether the certificate is issued when the holder activates it, and not when it is approved. */
  isActivated: boolean;
}

/** A request that was made elsewhere; one that a card has made at the desk; a key that the holder's phone will make. */
export const DELIVERY_RULES: Readonly<Record<Delivery, DeliveryRules>> = {
  request: { hasKey: true, isActivated: false },
  card: { keyStore: 'card', hasKey: true, isActivated: true },
  phone: { keyStore: 'phone', hasKey: false, isActivated: true },
};
