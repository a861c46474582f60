import { extendedKeyUsageExtension } from '../../../../pki/extensions/extended-key-usage.ts';
import { KP } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'timeStamping alone, critical': linted('time-stamping') },
  error: {
    'an extension that is not critical': linted('time-stamping', {
      with: [extendedKeyUsageExtension([KP.timeStamping])],
    }),
    'another purpose beside it': linted('time-stamping', {
      with: [extendedKeyUsageExtension([KP.timeStamping, KP.clientAuth], true)],
    }),
  },
  'not-applicable': { 'a signer': linted('signing') },
};
