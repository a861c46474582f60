import type { AuthorityStore } from '../../ca/authority/authority-store.ts';
import type { TimeStampingUnitStore } from '../../ca/authority/time-stamping-unit-store.ts';
import type { Clock } from '../../core/clock.ts';
import type { TransactionRunner } from '../../core/transaction.ts';
import { keyTypeOf } from '../../keys/key-type.ts';
import { parseCertificate, publicKeyOf } from '../../pki/certificate.ts';
import { parseKeyReference } from '../key-reference.ts';

export interface KeyUse {
  role: 'authority' | 'ocsp-responder' | 'time-stamping-unit';
  authorityId: string;
  /** End of the certificate that the key is used with. */
  notAfter: Date;
}

/** A key of the deployment, as its certificates tell: no key is opened for it. */
export interface ListedKey {
  reference: string;
  /** Undefined for a key file that nobody uses, or a key of a type that nothing here signs with. */
  keyType?: string;
  uses: KeyUse[];
}

/** Keys of authorities, responders and time-stamping units whose certificates have not expired, and key files that nobody uses. */
export async function listKeys(
  house: {
    authorities: AuthorityStore;
    timeStampingUnits: TimeStampingUnitStore;
    transactions: TransactionRunner;
    clock: Clock;
  },
  files: readonly string[],
): Promise<ListedKey[]> {
  const now = house.clock.now();
  const { authorities, responders, units } = await house.transactions.transaction(async (tx) => ({
    authorities: await house.authorities.listAuthorities(tx),
    responders: await house.authorities.listResponders(tx, now),
    units: await house.timeStampingUnits.list(tx, now),
  }));
  const keys = new Map<string, ListedKey>();
  const note = (reference: string, der: Buffer, use: Omit<KeyUse, 'notAfter'>): void => {
    const certificate = parseCertificate(der);
    const keyType = keyTypeOf(publicKeyOf(certificate));
    const key: ListedKey = keys.get(reference) ?? { reference, ...(keyType && { keyType }), uses: [] };
    key.uses.push({ ...use, notAfter: certificate.notAfter });
    keys.set(reference, key);
  };
  for (const { id, keyReference, certificate } of authorities) {
    if (keyReference !== undefined) note(keyReference, certificate, { role: 'authority', authorityId: id });
  }
  for (const { authorityId, keyReference, certificate } of responders) {
    note(keyReference, certificate, { role: 'ocsp-responder', authorityId });
  }
  for (const { authorityId, keyReference, certificate } of units) {
    note(keyReference, certificate, { role: 'time-stamping-unit', authorityId });
  }
  const places = new Set([...keys.keys()].map((reference) => parseKeyReference(reference).place));
  const unused = files.filter((place) => !places.has(place));
  return [...keys.values(), ...unused.map((reference) => ({ reference, uses: [] }))];
}
