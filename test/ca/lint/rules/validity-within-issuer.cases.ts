import * as asn1 from '../../../../pki/der/encode.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { lintCertificate, linted } from '../../../support/lint-certificate.ts';

const issuer = lintCertificate('intermediate');
const at = (instant: string) => asn1.time(new Date(instant));

export const cases: CertificateCases = {
  pass: {
    'a leaf that ends before its issuer': linted(
      'signing',
      { notAfter: at('2027-06-14T12:00:00Z') },
      { issuer },
    ),
    'a leaf that ends with its issuer': linted(
      'signing',
      { notAfter: at('2027-06-15T11:58:59Z') },
      { issuer },
    ),
  },
  error: {
    'a leaf that ends a second later': linted(
      'signing',
      { notAfter: at('2027-06-15T11:59:00Z') },
      { issuer },
    ),
  },
  warning: {
    'a leaf that begins a second earlier': linted(
      'signing',
      { notBefore: at('2026-06-15T11:58:59Z') },
      { issuer },
    ),
  },
  'not-applicable': { 'a certificate whose issuer is not at hand': linted('signing') },
};
