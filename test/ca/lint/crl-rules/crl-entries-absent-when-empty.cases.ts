import * as asn1 from '../../../../pki/der/encode.ts';
import type { CrlCases } from '../../../support/lint-cases.ts';
import { crlEntry, lintedCrl } from '../../../support/lint-crl.ts';

export const cases: CrlCases = {
  pass: { 'a list with an entry': lintedCrl({ entries: [crlEntry(1)] }) },
  error: { 'an empty list': lintedCrl({ revokedCertificates: asn1.sequence() }) },
  'not-applicable': { 'no list': lintedCrl() },
};
