import type { TransactionRunner } from '../../core/transaction.ts';
import type { HolderStore } from '../holders/holder-store.ts';
import type { HoldHouse } from '../holds/hold-house.ts';
import type { HolderCertificates } from '../licence/holder-certificates.ts';
import type { OutboxHouse } from '../messages/queue-message.ts';
import type { SecretHasher } from './secret-hash.ts';
import type { SelfServiceStore } from './self-service-store.ts';

export const KEY_STORES = ['card', 'phone'] as const;
/** Where the key of a holder's certificate is. */
export type KeyStoreKind = (typeof KEY_STORES)[number];

export interface SelfServiceHouse extends HoldHouse, OutboxHouse {
  selfService: SelfServiceStore;
  secrets: SecretHasher;
  holders: Pick<HolderStore, 'find'>;
  holderCertificates: Pick<HolderCertificates, 'ofPerson'>;
  transactions: TransactionRunner;
  /** Undefined for what is neither. */
  keyStoreOf(profileId: string): KeyStoreKind | undefined;
  /** Wakes whoever sends messages. */
  onQueued(): void;
}

/** What holders do about their own certificates, in events. */
export const SELF_SERVICE = { kind: 'service', id: 'self-service' } as const;
