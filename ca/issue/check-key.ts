import type { Profile } from '../profile.ts';

/** Refuses keys that are weak, blocked, or of a type that the profile does not allow; throws a DomainError. */
export type CheckKey = (subjectPublicKeyInfo: Buffer, keyTypes: Profile['keyTypes']) => Promise<void>;
