import * as asn1 from '../../../../pki/der/encode.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'a named issuer': linted('signing') },
  error: { 'an empty name': linted('signing', { issuer: asn1.sequence() }) },
  appliesToAll: true,
};
