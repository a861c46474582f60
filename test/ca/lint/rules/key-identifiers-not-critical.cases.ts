import {
  authorityKeyIdentifierExtension,
  subjectKeyIdentifierExtension,
} from '../../../../pki/extensions/key-identifiers.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'identifiers as they should be': linted('signing') },
  error: {
    'a critical authorityKeyIdentifier': linted('signing', {
      with: [{ ...authorityKeyIdentifierExtension(Buffer.alloc(20, 0xca)), critical: true }],
    }),
    'a critical subjectKeyIdentifier': linted('signing', {
      with: [{ ...subjectKeyIdentifierExtension(Buffer.alloc(20, 1)), critical: true }],
    }),
  },
  'not-applicable': {
    'a certificate without identifiers': linted('signing', {
      without: [CE.authorityKeyIdentifier, CE.subjectKeyIdentifier],
    }),
  },
};
