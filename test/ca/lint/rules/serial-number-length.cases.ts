import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: {
    '16 octets': linted('signing'),
    '20 octets': linted('signing', { serialNumber: Buffer.alloc(20, 0x40) }),
    '8 octets': linted('signing', { serialNumber: Buffer.alloc(8, 0x40) }),
    '8 octets behind the one that keeps them positive': linted('signing', {
      serialNumber: Buffer.concat([Buffer.from([0]), Buffer.alloc(8, 0x80)]),
    }),
  },
  error: {
    '21 octets': linted('signing', { serialNumber: Buffer.alloc(21, 0x40) }),
    '20 octets behind the one that keeps them positive': linted('signing', {
      serialNumber: Buffer.concat([Buffer.from([0]), Buffer.alloc(20, 0x80)]),
    }),
    '7 octets': linted('signing', { serialNumber: Buffer.alloc(7, 0x40) }),
    'a negative number': linted('signing', { serialNumber: Buffer.alloc(16, 0x80) }),
    zero: linted('signing', { serialNumber: Buffer.from([0]) }),
  },
  appliesToAll: true,
};
