import * as asn1 from '../../../../pki/der/encode.ts';
import { TAG } from '../../../../pki/der/tag.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted, lintedBytes } from '../../../support/lint-certificate.ts';

const utcTime = (text: string) => asn1.element(TAG.utcTime, Buffer.from(text));
const generalizedTime = (text: string) => asn1.element(TAG.generalizedTime, Buffer.from(text));

export const cases: CertificateCases = {
  pass: {
    UTCTime: linted('signing'),
    'UTCTime in the last second of 2049': linted('root', { notAfter: utcTime('491231235959Z') }),
    'GeneralizedTime in the first second of 2050': linted('root', {
      notAfter: generalizedTime('20500101000000Z'),
    }),
  },
  error: {
    'GeneralizedTime in the last second of 2049': linted('root', {
      notAfter: generalizedTime('20491231235959Z'),
    }),
    'UTCTime without seconds': lintedBytes('signing', { notBefore: utcTime('2606151159Z') }),
    'an offset instead of Z': lintedBytes('signing', { notBefore: utcTime('260615115900+0330') }),
    'a fraction of a second': lintedBytes('root', { notAfter: generalizedTime('20500101000000.5Z') }),
    'letters among the digits': lintedBytes('signing', { notAfter: utcTime('27O615115900Z') }),
    'a time that is no Time': lintedBytes('signing', { notAfter: asn1.integer(1) }),
  },
  appliesToAll: true,
};
