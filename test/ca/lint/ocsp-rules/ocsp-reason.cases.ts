import * as asn1 from '../../../../pki/der/encode.ts';
import { context } from '../../../../pki/der/tag.ts';
import { encodeCertId } from '../../../../pki/ocsp-cert-id.ts';
import type { OcspCases } from '../../../support/lint-cases.ts';
import { lintedOcsp, OCSP_ISSUER, OCSP_NOW, singleAnswer, TRY_LATER } from '../../../support/lint-ocsp.ts';

// The writer leaves out what must not be said.
const revoked = (code: number) =>
  asn1.sequence(
    encodeCertId('sha256', OCSP_ISSUER, Buffer.from([1])),
    asn1.element(context(1), asn1.generalizedTime(OCSP_NOW), asn1.explicit(0, asn1.enumerated(code))),
    asn1.generalizedTime(OCSP_NOW),
  );

export const cases: OcspCases = {
  pass: {
    keyCompromise: lintedOcsp({ responses: [revoked(1)] }),
    certificateHold: lintedOcsp({ responses: [revoked(6)] }),
  },
  error: {
    unspecified: lintedOcsp({ responses: [revoked(0)] }),
    removeFromCRL: lintedOcsp({ responses: [revoked(8)] }),
  },
  'not-applicable': {
    'a revocation without a reason': lintedOcsp({
      responses: [singleAnswer({ status: { kind: 'revoked', revokedAt: OCSP_NOW } })],
    }),
    'a good certificate': lintedOcsp(),
    'a response without an answer': TRY_LATER,
  },
};
