import { KeyError } from '../key-error.ts';
import type { Pkcs11Uri } from '../pkcs11-uri.ts';
import { CKA, CKO } from './constants.ts';
import type { Cryptoki, Handle } from './cryptoki.ts';
import { returnValueOf } from './cryptoki-error.ts';

/** More matches than this only say that the URI is not precise enough. */
const FOUND_MAX = 16;

/** Handles of the token's objects of a class with a label, an id or both. */
export function findObjects(
  cryptoki: Cryptoki,
  session: Handle,
  wanted: { class: number; label?: string; id?: Buffer },
): Handle[] {
  const template: { type: number; value: number | string | Buffer }[] = [
    { type: CKA.class, value: wanted.class },
  ];
  if (wanted.label !== undefined) template.push({ type: CKA.label, value: wanted.label });
  if (wanted.id) template.push({ type: CKA.id, value: wanted.id });
  cryptoki.C_FindObjectsInit(session, template);
  try {
    return cryptoki.C_FindObjects(session, FOUND_MAX);
  } finally {
    cryptoki.C_FindObjectsFinal(session);
  }
}

/** The private key that a URI means; throws KeyError `key-not-found` or `key-ambiguous`. */
export function findPrivateKey(cryptoki: Cryptoki, session: Handle, uri: Pkcs11Uri): Handle {
  const found = findObjects(cryptoki, session, { class: CKO.privateKey, label: uri.object, id: uri.id });
  if (found.length === 1) return found[0];
  if (found.length === 0) throw new KeyError('key-not-found', `no private key matches ${uri.label}`);
  throw new KeyError('key-ambiguous', `several private keys match ${uri.label}; add id=… or object=…`);
}

/** Contents of an attribute; undefined where the object has none. */
export function attributeOf(
  cryptoki: Cryptoki,
  session: Handle,
  object: Handle,
  type: number,
): Buffer | undefined {
  try {
    const [{ value }] = cryptoki.C_GetAttributeValue(session, object, [{ type }]);
    return value.length === 0 ? undefined : value;
  } catch (error) {
    if (returnValueOf(error) === 'CKR_ATTRIBUTE_TYPE_INVALID') return undefined;
    throw error;
  }
}
