import * as asn1 from '../../../../pki/der/encode.ts';
import { TAG } from '../../../../pki/der/tag.ts';
import type { CrlCases } from '../../../support/lint-cases.ts';
import { lintedCrl } from '../../../support/lint-crl.ts';

const generalizedTime = (text: string) => asn1.element(TAG.generalizedTime, Buffer.from(text));

export const cases: CrlCases = {
  pass: {
    UTCTime: lintedCrl(),
    'GeneralizedTime from 2050 on': lintedCrl({ nextUpdate: generalizedTime('20500101000000Z') }),
    'a CRL without nextUpdate': lintedCrl({ nextUpdate: Buffer.alloc(0) }),
  },
  error: {
    'thisUpdate in GeneralizedTime': lintedCrl({ thisUpdate: generalizedTime('20260615120000Z') }),
    'nextUpdate in GeneralizedTime': lintedCrl({ nextUpdate: generalizedTime('20491231235959Z') }),
  },
  appliesToAll: true,
};
