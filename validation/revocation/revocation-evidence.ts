import type { CertificateList } from '../../pki/crl.ts';
import { nameKey } from '../../pki/name.ts';
import type { Name } from '../../pki/name.ts';
import type { BasicOcspResponse } from '../../pki/ocsp-response.ts';

/** CRLs and OCSP responses that came with a request, or in a signature: nobody has vouched for them yet. */
export class RevocationEvidence {
  readonly ocspResponses: readonly BasicOcspResponse[];
  readonly #complete = new Map<string, CertificateList[]>();
  readonly #delta = new Map<string, CertificateList[]>();

  constructor({
    crls,
    ocspResponses,
  }: {
    crls: readonly CertificateList[];
    ocspResponses: readonly BasicOcspResponse[];
  }) {
    // The newest first: what is asked first decides.
    for (const crl of [...crls].sort((a, b) => b.thisUpdate.getTime() - a.thisUpdate.getTime())) {
      add(crl.baseCrlNumber === undefined ? this.#complete : this.#delta, crl);
    }
    this.ocspResponses = ocspResponses;
  }

  completeCrlsOf(issuer: Name): readonly CertificateList[] {
    return this.#complete.get(nameKey(issuer)) ?? [];
  }

  deltaCrlsOf(issuer: Name): readonly CertificateList[] {
    return this.#delta.get(nameKey(issuer)) ?? [];
  }
}

function add(lists: Map<string, CertificateList[]>, crl: CertificateList): void {
  const key = nameKey(crl.issuer);
  const same = lists.get(key);
  if (same) same.push(crl);
  else lists.set(key, [crl]);
}
