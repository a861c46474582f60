import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { bitLength, rsaNumbers } from '../public-key-info.ts';

/** The public exponent is odd, above 2^16 and below 2^256. */
export const rsaPublicExponent: CertificateLint = {
  id: 'rsa-public-exponent',
  source: 'ETSI TS 119 312 §6.2.2.1',
  check({ certificate }) {
    const exponent = rsaNumbers(certificate)?.exponent;
    if (!exponent) return 'not-applicable';
    if ((exponent[exponent.length - 1] & 1) === 0) return error('the RSA exponent is even');
    const bits = bitLength(exponent);
    // 2^16 itself has 17 bits as well, but is even.
    return bits >= 17 && bits <= 256 ? 'pass' : error(`RSA exponent of ${bits} bits, not 17 to 256`);
  },
};
