import type { Certificate } from '../../pki/certificate.ts';
import { nameKey } from '../../pki/name.ts';
import type { Name } from '../../pki/name.ts';

/** Certificates that may have issued others, found by their subject's name (RFC 5280 §7.1). */
export class CertificatePool {
  readonly #bySubject = new Map<string, Certificate[]>();

  constructor(certificates: Iterable<Certificate>) {
    for (const certificate of certificates) {
      const key = nameKey(certificate.subject);
      const same = this.#bySubject.get(key);
      if (same) same.push(certificate);
      else this.#bySubject.set(key, [certificate]);
    }
  }

  certificates(): Certificate[] {
    return [...this.#bySubject.values()].flat();
  }

  withSubject(name: Name): readonly Certificate[] {
    return this.#bySubject.get(nameKey(name)) ?? [];
  }
}
