import type { KeyUsage } from '../../../pki/extensions/key-usage.ts';
import { KP } from '../../../pki/oid.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** Usages of which each purpose needs at least one. */
const NEEDED: ReadonlyMap<string, readonly KeyUsage[]> = new Map<string, readonly KeyUsage[]>([
  [KP.clientAuth, ['digitalSignature', 'keyAgreement']],
  [KP.timeStamping, ['digitalSignature', 'nonRepudiation']],
  [KP.ocspSigning, ['digitalSignature', 'nonRepudiation']],
  [KP.documentSigning, ['digitalSignature', 'nonRepudiation']],
]);

/** Key usage and purposes agree: there is a use that both allow. */
export const extendedKeyUsageConsistent: CertificateLint = {
  id: 'extended-key-usage-consistent',
  source: 'RFC 5280 §4.2.1.12, practice statement: profiles',
  check({ certificate }) {
    const { keyUsage, extendedKeyUsage } = parsedExtensions(certificate);
    if (!keyUsage || !extendedKeyUsage) return 'not-applicable';
    for (const purpose of extendedKeyUsage) {
      const needed = NEEDED.get(purpose);
      if (needed && !needed.some((usage) => keyUsage.includes(usage))) {
        return error(`purpose ${purpose} needs ${needed.join(' or ')}`);
      }
    }
    return 'pass';
  },
};
