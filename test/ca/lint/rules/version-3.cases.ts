import * as asn1 from '../../../../pki/der/encode.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'version 3': linted('signing') },
  error: {
    'version 2': linted('signing', { version: asn1.explicit(0, asn1.integer(1)), extensionList: [] }),
    'version 1, which is not written': linted('signing', { version: Buffer.alloc(0), extensionList: [] }),
  },
  appliesToAll: true,
};
