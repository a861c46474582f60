import type { Certificate } from '../pki/certificate.ts';
import { DIGEST_OCTETS } from '../pki/digest-algorithm.ts';
import type { DigestName } from '../pki/digest-algorithm.ts';
import { issuerHashes } from '../pki/ocsp-cert-id.ts';
import type { CertId, IssuerHashes } from '../pki/ocsp-cert-id.ts';
import { OcspError } from './ocsp-error.ts';

interface Issuer {
  id: string;
  issuerCertificates: readonly Certificate[];
}

/** Finds the authority that a CertID means, by the hashes of its name and key with every digest that is known. */
export class IssuerTable<Authority extends Issuer> {
  readonly #byHashes = new Map<string, Authority>();

  /** Throws OcspError `authority-unknown` when two authorities cannot be told apart. */
  constructor(authorities: Iterable<Authority>) {
    for (const authority of authorities) {
      for (const certificate of authority.issuerCertificates) this.#add(authority, certificate);
    }
  }

  find(certId: CertId): Authority | undefined {
    return certId.hashAlgorithm && this.#byHashes.get(keyOf(certId));
  }

  #add(authority: Authority, certificate: Certificate): void {
    for (const hashAlgorithm of Object.keys(DIGEST_OCTETS) as DigestName[]) {
      const key = keyOf(issuerHashes(hashAlgorithm, certificate));
      const other = this.#byHashes.get(key);
      if (other && other.id !== authority.id) {
        throw new OcspError(
          'authority-unknown',
          `${authority.id} and ${other.id} have the same name and key`,
        );
      }
      this.#byHashes.set(key, authority);
    }
  }
}

/** Digests differ in length, so the two hashes say themselves which digest made them. */
function keyOf({ issuerNameHash, issuerKeyHash }: IssuerHashes): string {
  return issuerNameHash.toString('latin1') + issuerKeyHash.toString('latin1');
}
