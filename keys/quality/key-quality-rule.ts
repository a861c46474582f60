import type { KeyType } from '../../pki/key-type.ts';
import type { PublicKeyParts } from './public-key-parts.ts';

/** What a profile takes. */
export interface KeyPolicy {
  readonly keyTypes: readonly KeyType[];
  readonly rsaModulusBitsMin: number;
  readonly rsaModulusBitsMax: number;
  /** Both inclusive. */
  readonly rsaPublicExponentMin: bigint;
  readonly rsaPublicExponentMax: bigint;
}

/** Why a key is not taken; details state the actual and the allowed. */
export interface KeyFinding {
  /** The rule's id, which is also its file's name. */
  readonly rule: string;
  readonly code: 'key-weak' | 'key-type-not-allowed';
  readonly detail: string;
}

export interface KeyQualityRule {
  readonly id: string;
  readonly code: KeyFinding['code'];
  /** The clause or the publication that the rule follows. */
  readonly source: string;
  /** What is wrong; `pass`; or `not-applicable`, which is never a pass. */
  judge(key: PublicKeyParts, policy: KeyPolicy): { detail: string } | 'pass' | 'not-applicable';
}
