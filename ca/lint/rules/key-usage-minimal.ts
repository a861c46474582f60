import { CE } from '../../../pki/oid.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** A list of named bits ends in a bit that is set: no zero bits, no zero octets behind it. */
export const keyUsageMinimal: CertificateLint = {
  id: 'key-usage-minimal',
  source: 'X.690 §11.2.2',
  check({ certificate: { extensions } }) {
    const value = extensions.get(CE.keyUsage)?.value;
    // An empty list is for key-usage-not-empty.
    if (!value || value.length <= 3) return 'not-applicable';
    const unusedBits = value[2];
    const last = value[value.length - 1];
    const lowestSetBit = last & -last;
    return lowestSetBit === 1 << unusedBits ? 'pass' : error('keyUsage is written with trailing zero bits');
  },
};
