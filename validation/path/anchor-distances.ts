import type { Certificate } from '../../pki/certificate.ts';
import { nameKey } from '../../pki/name.ts';
import type { TrustStore } from '../trust-store.ts';
import type { CertificatePool } from './certificate-pool.ts';

/**
 * How many certificates, by their names alone, lie between an issuer and an anchor. Building forward from the leaf, this
 * tells the way out of a mesh of CAs that certify each other before a signature is verified (RFC 4158 §3.5.6 asks for such
 * sorting): the shortest way is tried first, and what leads nowhere not at all.
 */
export class AnchorDistances {
  readonly #trust: TrustStore;
  readonly #pool: CertificatePool;
  #byName: Map<string, number> | undefined;

  constructor(trust: TrustStore, pool: CertificatePool) {
    this.#trust = trust;
    this.#pool = pool;
  }

  /** Zero of an anchor, Infinity where no names lead to one. */
  of(issuer: Certificate): number {
    if (this.#trust.isAnchor(issuer)) return 0;
    if (this.#trust.isBelowAnchor(issuer)) return 1;
    this.#byName ??= this.#measure();
    return (this.#byName.get(nameKey(issuer.issuer)) ?? Infinity) + 1;
  }

  /** Breadth first, from the anchors' names to those that they certified. */
  #measure(): Map<string, number> {
    const certified = new Map<string, Set<string>>();
    for (const certificate of [...this.#trust.certificates(), ...this.#pool.certificates()]) {
      const issuer = nameKey(certificate.issuer);
      const subjects = certified.get(issuer) ?? new Set();
      certified.set(issuer, subjects.add(nameKey(certificate.subject)));
    }
    const distances = new Map(this.#trust.anchorNames().map((name) => [name, 0]));
    for (const [name, distance] of distances) {
      // The map grows while it is walked, in the order of the distances.
      for (const subject of certified.get(name) ?? [])
        if (!distances.has(subject)) distances.set(subject, distance + 1);
    }
    return distances;
  }
}
