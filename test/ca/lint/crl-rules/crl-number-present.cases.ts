import { crlNumberExtension } from '../../../../pki/extensions/crl-number.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CrlCases } from '../../../support/lint-cases.ts';
import { lintedCrl } from '../../../support/lint-crl.ts';

export const cases: CrlCases = {
  pass: { 'a number': lintedCrl(), 'the number zero': lintedCrl({ with: [crlNumberExtension(0)] }) },
  error: { 'no number': lintedCrl({ without: [CE.cRLNumber] }) },
  appliesToAll: true,
};
