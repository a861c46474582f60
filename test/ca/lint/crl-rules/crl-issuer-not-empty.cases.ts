import * as asn1 from '../../../../pki/der/encode.ts';
import type { CrlCases } from '../../../support/lint-cases.ts';
import { lintedCrl } from '../../../support/lint-crl.ts';

export const cases: CrlCases = {
  pass: { 'a named issuer': lintedCrl() },
  error: { 'an empty name': lintedCrl({ issuer: asn1.sequence() }) },
  appliesToAll: true,
};
