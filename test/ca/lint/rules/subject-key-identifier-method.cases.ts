import { subjectKeyIdentifierExtension } from '../../../../pki/extensions/key-identifiers.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'SHA-1 of the key': linted('signing') },
  notice: {
    'another value': linted('signing', { with: [subjectKeyIdentifierExtension(Buffer.alloc(20, 1))] }),
    'eight octets by method 2': linted('signing', {
      with: [subjectKeyIdentifierExtension(Buffer.alloc(8, 0x41))],
    }),
  },
  'not-applicable': { 'a certificate without it': linted('signing', { without: [CE.subjectKeyIdentifier] }) },
};
