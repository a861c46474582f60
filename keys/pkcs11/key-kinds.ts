import * as asn1 from '../../pki/der/encode.ts';
import type { KeyType } from '../../pki/key-type.ts';
import { ALG } from '../../pki/oid.ts';
import { CKA, CKM } from './constants.ts';

/** A template of PKCS#11. */
export type Attributes = { type: number; value: number | boolean | string | Buffer }[];

/** How a token is asked for a pair of each key type: mechanism, and what the public key's template says of it. */
export const TOKEN_KEY_KINDS: Partial<Record<KeyType, { mechanism: number; parameters: Attributes }>> = {
  'rsa-2048': rsa(2048),
  'rsa-3072': rsa(3072),
  'rsa-4096': rsa(4096),
  'p-256': curve(CKM.ecKeyPairGen, ALG.prime256v1),
  'p-384': curve(CKM.ecKeyPairGen, ALG.secp384r1),
  brainpoolP256r1: curve(CKM.ecKeyPairGen, ALG.brainpoolP256r1),
  ed25519: curve(CKM.ecEdwardsKeyPairGen, ALG.ed25519),
};

function rsa(bits: number): { mechanism: number; parameters: Attributes } {
  return {
    mechanism: CKM.rsaPkcsKeyPairGen,
    parameters: [
      { type: CKA.modulusBits, value: bits },
      { type: CKA.publicExponent, value: Buffer.from([1, 0, 1]) },
    ],
  };
}

function curve(mechanism: number, oid: string): { mechanism: number; parameters: Attributes } {
  return { mechanism, parameters: [{ type: CKA.ecParams, value: asn1.oid(oid) }] };
}
