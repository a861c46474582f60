import type { KeyUsage } from '../../../pki/extensions/key-usage.ts';
import { isNaturalPerson } from '../certificate-kind.ts';
import { error, warning } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** One of the settings A to F of table 1; A, C or E, which do not mix usages, should be used. */
export const naturalPersonKeyUsage: CertificateLint = {
  id: 'natural-person-key-usage',
  source: 'EN 319 412-2 NAT-4.3.2-1',
  check({ certificate }) {
    const usages = parsedExtensions(certificate).keyUsage;
    if (!usages || !isNaturalPerson(certificate)) return 'not-applicable';
    const setting = keyUsageSetting(usages);
    if (!setting) return error(`key usage ${usages.join(' + ')} is none of the settings A to F`);
    return 'BDF'.includes(setting) ? warning(`key usage mixes purposes (setting ${setting})`) : 'pass';
  },
};

/** Setting of EN 319 412-2 table 1: nonRepudiation, digitalSignature, and either keyEncipherment or keyAgreement. */
export function keyUsageSetting(usages: readonly KeyUsage[]): 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | undefined {
  let pattern = 0;
  for (const usage of usages) {
    const bit = PATTERN_BITS[usage];
    // Table 1 has one column for both ways to exchange keys: only one of them may be set.
    if (bit === undefined || (pattern & bit) !== 0) return undefined;
    pattern |= bit;
  }
  return SETTINGS[pattern];
}

const PATTERN_BITS: Partial<Record<KeyUsage, number>> = {
  nonRepudiation: 1,
  digitalSignature: 2,
  keyEncipherment: 4,
  keyAgreement: 4,
};

/** By pattern; 5 (nonRepudiation with key exchange alone) is none of the settings. */
const SETTINGS = [undefined, 'A', 'C', 'B', 'E', undefined, 'D', 'F'] as const;
