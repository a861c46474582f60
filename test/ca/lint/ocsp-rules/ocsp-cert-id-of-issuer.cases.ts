import * as asn1 from '../../../../pki/der/encode.ts';
import { encodeCertId } from '../../../../pki/ocsp-cert-id.ts';
import type { OcspCases } from '../../../support/lint-cases.ts';
import { lintCertificate } from '../../../support/lint-certificate.ts';
import { lintedOcsp, OCSP_ISSUER, singleAnswer, TRY_LATER } from '../../../support/lint-ocsp.ts';

const md5 = asn1.sequence(
  asn1.sequence(asn1.oid('1.2.840.113549.2.5'), asn1.NULL),
  asn1.octetString(Buffer.alloc(16)),
  asn1.octetString(Buffer.alloc(16)),
  asn1.integer(1),
);

export const cases: OcspCases = {
  pass: {
    'SHA-256': lintedOcsp({}, { issuer: OCSP_ISSUER }),
    'SHA-1': lintedOcsp(
      { responses: [singleAnswer({ certId: encodeCertId('sha1', OCSP_ISSUER, Buffer.from([1])) })] },
      { issuer: OCSP_ISSUER },
    ),
  },
  error: {
    'another CA': lintedOcsp(
      {
        responses: [
          singleAnswer({ certId: encodeCertId('sha256', lintCertificate('root'), Buffer.from([1])) }),
        ],
      },
      { issuer: OCSP_ISSUER },
    ),
    MD5: lintedOcsp({ responses: [singleAnswer({ certId: md5 })] }, { issuer: OCSP_ISSUER }),
  },
  'not-applicable': {
    'a response whose CA is not at hand': lintedOcsp(),
    'a response without an answer': TRY_LATER,
  },
};
