import type { Certificate } from '../pki/certificate.ts';
import type { Hierarchy } from './open-authorities.ts';

/** Certificates from an authority's own up to below the root, which whoever verifies has by itself. */
export function chainBelowRoot({ records, certificates }: Hierarchy, authorityId: string): Certificate[] {
  const chain: Certificate[] = [];
  for (let id: string | undefined = authorityId; id !== undefined;) {
    const record = records.find((one) => one.id === id);
    if (record?.issuerId !== undefined) chain.push(certificates.get(id)!);
    id = record?.issuerId;
  }
  return chain;
}
