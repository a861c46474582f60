import * as asn1 from '../../../../pki/der/encode.ts';
import { keyUsageExtension } from '../../../../pki/extensions/key-usage.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const keyUsage = (unusedBits: number, ...octets: number[]) => ({
  with: [{ oid: CE.keyUsage, critical: true, value: asn1.bitString(Buffer.from(octets), unusedBits) }],
});

export const cases: CertificateCases = {
  pass: {
    nonRepudiation: linted('signing'),
    'keyCertSign and cRLSign': linted('intermediate'),
    'decipherOnly, the ninth bit': linted('officer', {
      with: [keyUsageExtension(['keyAgreement', 'decipherOnly'])],
    }),
  },
  error: {
    'zero bits that are not marked as unused': linted('signing', keyUsage(0, 0x40)),
    'a zero octet behind': linted('signing', keyUsage(0, 0x40, 0x00)),
    'too many bits marked as unused': linted('signing', keyUsage(7, 0x40)),
  },
  'not-applicable': {
    'a certificate without it': linted('signing', { without: [CE.keyUsage] }),
    'an empty list': linted('signing', { with: [keyUsageExtension([])] }),
  },
};
