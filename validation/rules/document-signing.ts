import { parseExtendedKeyUsage } from '../../pki/extensions/extended-key-usage.ts';
import { CE, KP } from '../../pki/oid.ts';
import type { HealthRule } from './rule.ts';

/** Purposes under which people sign documents (RFC 9336; e-mail protection and any purpose in older profiles). */
const SIGNING_PURPOSES: readonly string[] = [KP.documentSigning, KP.emailProtection, KP.anyExtendedKeyUsage];

/** A certificate that is restricted to other purposes, e.g. time stamping, signs no prescription (RFC 5280 §4.2.1.12). */
export const documentSigning: HealthRule = {
  id: 'document-signing',
  failure: 'document-signing-not-allowed',
  judge({ certificate }) {
    const extension = certificate.extensions.get(CE.extKeyUsage);
    if (!extension)
      return { outcome: 'not-applicable', detail: 'the certificate is not restricted to purposes' };
    const purposes = parseExtendedKeyUsage(extension.value);
    const allowed = purposes.some((purpose) => SIGNING_PURPOSES.includes(purpose));
    const detail = `extKeyUsage is ${purposes.join(', ')}`;
    return { outcome: allowed ? 'passed' : 'failed', detail };
  },
};
