import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { bitLength, rsaNumbers } from '../public-key-info.ts';

/** RSA moduli have 2048 to 4096 bits: less is weak, more chokes cards and responders. */
export const rsaKeySize: CertificateLint = {
  id: 'rsa-key-size',
  source: 'ETSI TS 119 312, practice statement: keys',
  check({ certificate }) {
    const numbers = rsaNumbers(certificate);
    if (!numbers) return 'not-applicable';
    const bits = bitLength(numbers.modulus);
    return bits >= 2048 && bits <= 4096 ? 'pass' : error(`RSA modulus of ${bits} bits, not 2048 to 4096`);
  },
};
