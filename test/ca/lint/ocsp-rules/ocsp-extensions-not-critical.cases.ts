import { certHashExtension, nonceExtension } from '../../../../pki/ocsp-extensions.ts';
import type { OcspCases } from '../../../support/lint-cases.ts';
import { lintedOcsp, singleAnswer, TRY_LATER } from '../../../support/lint-ocsp.ts';

export const cases: OcspCases = {
  pass: { 'extensions as they should be': lintedOcsp() },
  error: {
    'a critical nonce': lintedOcsp({ extensions: [{ ...nonceExtension(Buffer.alloc(16)), critical: true }] }),
    'a critical CertHash': lintedOcsp({
      responses: [
        singleAnswer({
          extensions: [{ ...certHashExtension(Buffer.alloc(32)), critical: true, encoded: undefined }],
        }),
      ],
    }),
  },
  'not-applicable': {
    'a response without extensions': lintedOcsp({ responses: [singleAnswer({ extensions: [] })] }),
    'a response without an answer': TRY_LATER,
  },
};
