import { keyUsageExtension } from '../../../../pki/extensions/key-usage.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'one bit': linted('signing') },
  error: { 'no bit': linted('signing', { with: [keyUsageExtension([])] }) },
  'not-applicable': { 'a certificate without it': linted('signing', { without: [CE.keyUsage] }) },
};
