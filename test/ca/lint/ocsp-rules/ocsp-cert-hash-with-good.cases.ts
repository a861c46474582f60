import * as asn1 from '../../../../pki/der/encode.ts';
import { ALG, CE } from '../../../../pki/oid.ts';
import type { OcspCases } from '../../../support/lint-cases.ts';
import { lintedOcsp, singleAnswer, TRY_LATER } from '../../../support/lint-ocsp.ts';

const sha1 = {
  oid: CE.certHash,
  critical: false,
  value: asn1.sequence(asn1.sequence(asn1.oid(ALG.sha1)), asn1.octetString(Buffer.alloc(20))),
};

export const cases: OcspCases = {
  pass: { 'good with the hash of the certificate': lintedOcsp() },
  error: {
    'good without it': lintedOcsp({ responses: [singleAnswer({ extensions: [] })] }),
    'good with a SHA-1': lintedOcsp({ responses: [singleAnswer({ extensions: [sha1] })] }),
  },
  'not-applicable': {
    'an unknown certificate': lintedOcsp({
      responses: [singleAnswer({ status: { kind: 'unknown' }, extensions: [] })],
    }),
    'a response without an answer': TRY_LATER,
  },
};
