import { createHash } from 'node:crypto';

import { octetsOf } from '../../pki/crl-encode.ts';
import type { DerParts } from '../../pki/crl-encode.ts';
import { scopeKey } from './crl-scope.ts';
import type { CrlScope } from './crl-scope.ts';
import type { CrlHead, CrlStore, IssuedCrl } from './crl-store.ts';

/** A CRL as it is served. */
export interface PublishedCrl extends IssuedCrl {
  octets: number;
  /** Strong entity tag with its quotes; all nodes give the same. */
  etag: string;
}

/** The newest CRL of each scope that this process knows. */
export interface PublishedCrls {
  current(scope: CrlScope): PublishedCrl | undefined;
  heads(): CrlHead[];
}

/** Up to here a CRL is kept in one piece, which is sent faster than parts. */
const JOINED_OCTETS_MAX = 1_048_576;
/** Keeps the newest CRLs in memory: those that this process publishes, and on `refresh` those of the others. */
export class CrlCache implements PublishedCrls {
  readonly #store: Pick<CrlStore, 'heads' | 'current'>;
  readonly #crls = new Map<string, PublishedCrl>();

  constructor(store: Pick<CrlStore, 'heads' | 'current'>) {
    this.#store = store;
  }

  current(scope: CrlScope): PublishedCrl | undefined {
    return this.#crls.get(scopeKey(scope));
  }

  heads(): CrlHead[] {
    return [...this.#crls.values()];
  }

  /** Takes a published CRL; an older one than is known changes nothing, so numbers never fall for those who ask here. */
  put(crl: IssuedCrl): void {
    if (!this.#isNewer(crl)) return;
    const octets = octetsOf(crl.der);
    const der = octets <= JOINED_OCTETS_MAX ? [Buffer.concat(crl.der)] : crl.der;
    this.#crls.set(scopeKey(crl.scope), { ...crl, der, octets, etag: entityTag(der) });
  }

  /** Fetches what the store has newer; when the store is not to be had, what is known goes on being served. */
  async refresh(): Promise<void> {
    for (const head of await this.#store.heads()) {
      if (!this.#isNewer(head)) continue;
      const crl = await this.#store.current(head.scope);
      if (crl) this.put(crl);
    }
  }

  #isNewer({ scope, crlNumber }: Pick<CrlHead, 'scope' | 'crlNumber'>): boolean {
    return crlNumber > (this.#crls.get(scopeKey(scope))?.crlNumber ?? 0);
  }
}

/**
 * A tag of the last octets, which are the signature's: no two CRLs share them, and to hash all of a large one would cost as
 * much as signing it.
 */
function entityTag(der: DerParts): string {
  const tail = der[der.length - 1].subarray(-64);
  return `"${createHash('sha256').update(tail).digest('base64url').slice(0, 22)}"`;
}
