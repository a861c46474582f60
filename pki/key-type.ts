/** The kinds of keys that the house makes, certifies, and names in profiles and ceremonies. */
export const KEY_TYPES = [
  'rsa-2048',
  'rsa-3072',
  'rsa-4096',
  'p-256',
  'p-384',
  'brainpoolP256r1',
  'ed25519',
  'ml-dsa-65',
] as const;

export type KeyType = (typeof KEY_TYPES)[number];
