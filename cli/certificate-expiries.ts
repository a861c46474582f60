import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

import type { Certificate } from '../pki/certificate.ts';

/** A certificate that this deployment itself cannot do without. */
export interface OwnCertificate {
  kind: 'authority' | 'ocsp-responder' | 'time-stamping';
  /** The authority, or whose certificate it is. */
  name: string;
  certificate: Pick<Certificate, 'notAfter'>;
}

/** When our own certificates end; of several with one name, the one that lasts longest. Read when somebody looks. */
export function certificateExpiries(
  registry: Registry,
  list: () => Iterable<OwnCertificate> | Promise<Iterable<OwnCertificate>>,
): void {
  new Gauge({
    name: 'mohr_certificate_not_after_timestamp_seconds',
    help: 'End of a certificate of this deployment itself: authority, OCSP responder, time-stamping unit.',
    labelNames: ['kind', 'name'],
    registers: [registry],
    async collect() {
      const ends = new Map<string, { labels: { kind: string; name: string }; end: number }>();
      for (const { kind, name, certificate } of await list()) {
        const end = certificate.notAfter.getTime() / 1000;
        const key = `${kind} ${name}`;
        if (end > (ends.get(key)?.end ?? -Infinity)) ends.set(key, { labels: { kind, name }, end });
      }
      this.reset();
      for (const { labels, end } of ends.values()) this.set(labels, end);
    },
  });
}
