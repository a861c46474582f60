import * as asn1 from '../../../../pki/der/encode.ts';
import { ocspNoCheckExtension } from '../../../../pki/extensions/ocsp-no-check.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'a responder with it': linted('ocsp-responder') },
  error: {
    'a responder without it': linted('ocsp-responder', { without: [CE.ocspNoCheck] }),
    'a value that is not NULL': linted('ocsp-responder', {
      with: [{ ...ocspNoCheckExtension(), value: asn1.sequence() }],
    }),
    'a signer with it': linted('signing', { with: [ocspNoCheckExtension()] }),
  },
  'not-applicable': { 'a signer without it': linted('signing') },
};
