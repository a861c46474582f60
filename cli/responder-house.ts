import type { ResponderHouse } from '../ca/issue/ensure-responder.ts';
import type { Signer } from '../keys/signer.ts';
import { keyTypeOf } from '../keys/key-type.ts';
import type { KeyType } from '../pki/key-type.ts';
import { importPublicKey } from '../pki/public-key.ts';
import type { KeyStore } from './key-store.ts';

type ResponderKeys = Pick<ResponderHouse, 'issuer' | 'createKey' | 'responderKeyTypes' | 'keyTypeOf'>;

/**
 * What issuing OCSP responder certificates needs of the key store. A key that was made for a certificate which could not be
 * prepared is kept for the next attempt: one that fails every few seconds must not fill the store with keys.
 */
export function responderKeys(
  issuer: ResponderHouse['issuer'],
  keys: Pick<KeyStore, 'create' | 'openSigner'>,
  keyTypes: readonly KeyType[],
): ResponderKeys {
  const unused = new Map<string, { reference: string; signer: Signer }>();
  return {
    issuer: {
      prepare: (request) => issuer.prepare(request),
      issue: (token, actor) => {
        // From here on its public key may be in an intent, and no key is certified twice.
        for (const [name, { signer }] of unused)
          if (signer.subjectPublicKeyInfo.equals(token.request.subjectPublicKeyInfo)) unused.delete(name);
        return issuer.issue(token, actor);
      },
    },
    createKey: async (name, keyType) => {
      const known = unused.get(`${name} ${keyType}`);
      if (known) return known;
      const reference = await keys.create(name, keyType);
      const created = { reference, signer: await keys.openSigner(reference) };
      unused.set(`${name} ${keyType}`, created);
      return created;
    },
    responderKeyTypes: keyTypes,
    keyTypeOf: (subjectPublicKeyInfo) => keyTypeOf(importPublicKey(subjectPublicKeyInfo)),
  };
}
