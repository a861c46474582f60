import { nonceExtension } from '../../../../pki/ocsp-extensions.ts';
import type { OcspCases } from '../../../support/lint-cases.ts';
import { lintedOcsp, TRY_LATER } from '../../../support/lint-ocsp.ts';

export const cases: OcspCases = {
  pass: {
    'one octet': lintedOcsp({ extensions: [nonceExtension(Buffer.alloc(1))] }),
    '128 octets': lintedOcsp({ extensions: [nonceExtension(Buffer.alloc(128))] }),
  },
  error: {
    'no octet': lintedOcsp({ extensions: [nonceExtension(Buffer.alloc(0))] }),
    '129 octets': lintedOcsp({ extensions: [nonceExtension(Buffer.alloc(129))] }),
  },
  'not-applicable': { 'a response without a nonce': lintedOcsp(), 'a response without an answer': TRY_LATER },
};
