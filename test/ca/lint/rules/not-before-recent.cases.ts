import * as asn1 from '../../../../pki/der/encode.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { LINT_NOW, linted } from '../../../support/lint-certificate.ts';

const at = (instant: string) => asn1.time(new Date(instant));

export const cases: CertificateCases = {
  pass: {
    'a minute ago': linted('signing', {}, { now: LINT_NOW }),
    'this very second': linted('signing', { notBefore: at('2026-06-15T12:00:00Z') }, { now: LINT_NOW }),
    'five minutes ago': linted('signing', { notBefore: at('2026-06-15T11:55:00Z') }, { now: LINT_NOW }),
  },
  error: {
    'five minutes and a second ago': linted(
      'signing',
      { notBefore: at('2026-06-15T11:54:59Z') },
      { now: LINT_NOW },
    ),
    'a second from now': linted('signing', { notBefore: at('2026-06-15T12:00:01Z') }, { now: LINT_NOW }),
  },
  'not-applicable': { 'a certificate of any age': linted('signing') },
};
