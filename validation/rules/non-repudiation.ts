import { parseKeyUsage } from '../../pki/extensions/key-usage.ts';
import { CE } from '../../pki/oid.ts';
import type { HealthRule } from './rule.ts';

/** The key is meant for signatures that its holder cannot deny: nonRepudiation in keyUsage (RFC 5280 §4.2.1.3). */
export const nonRepudiation: HealthRule = {
  id: 'non-repudiation',
  failure: 'non-repudiation-missing',
  judge({ certificate }) {
    const keyUsage = certificate.extensions.get(CE.keyUsage);
    if (!keyUsage)
      return { outcome: 'failed', detail: 'the certificate has no keyUsage, expected nonRepudiation' };
    const usages = parseKeyUsage(keyUsage.value);
    if (usages.includes('nonRepudiation'))
      return { outcome: 'passed', detail: 'keyUsage has nonRepudiation' };
    return {
      outcome: 'failed',
      detail: `keyUsage is ${usages.join(', ') || 'empty'}, expected nonRepudiation`,
    };
  },
};
