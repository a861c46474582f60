import type { CKO } from '../pkcs11/constants.ts';
import { CKA } from '../pkcs11/constants.ts';
import type { Handle } from '../pkcs11/cryptoki.ts';
import { attributeOf, findObjects } from '../pkcs11/token-objects.ts';
import type { OpenToken } from './open-card.ts';

/** An object of a card, as far as it is told apart. */
export interface CardObject {
  handle: Handle;
  id: Buffer;
  label: string;
}

/** Objects of a class with a label, an id, or all. Private keys are seen by who has logged in. */
export function objectsOf(
  { cryptoki, session }: OpenToken,
  objectClass: (typeof CKO)[keyof typeof CKO],
  wanted: { label?: string; id?: Buffer } = {},
): CardObject[] {
  return findObjects(cryptoki, session, { class: objectClass, ...wanted }).map((handle) => ({
    handle,
    id: attributeOf(cryptoki, session, handle, CKA.id) ?? Buffer.alloc(0),
    label: (attributeOf(cryptoki, session, handle, CKA.label) ?? Buffer.alloc(0)).toString('utf8'),
  }));
}

export function isTrue({ cryptoki, session }: OpenToken, object: Handle, attribute: number): boolean {
  return attributeOf(cryptoki, session, object, attribute)?.[0] === 1;
}

/** Destroys objects; how many there were. */
export function destroyAll({ cryptoki, session }: OpenToken, objects: readonly CardObject[]): number {
  for (const { handle } of objects) cryptoki.C_DestroyObject(session, handle);
  return objects.length;
}
