import { encodeExtension } from '../../../../pki/extension.ts';
import { keyUsageExtension } from '../../../../pki/extensions/key-usage.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted, lintedBytes } from '../../../support/lint-certificate.ts';

const keyUsage = encodeExtension(keyUsageExtension(['nonRepudiation']));

export const cases: CertificateCases = {
  pass: { 'extensions of different types': linted('signing') },
  error: {
    'an extension that is there twice': lintedBytes('signing', { extensionList: [keyUsage, keyUsage] }),
  },
  'not-applicable': { 'a certificate without extensions': linted('signing', { extensionList: [] }) },
};
