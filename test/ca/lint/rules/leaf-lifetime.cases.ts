import * as asn1 from '../../../../pki/der/encode.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const at = (instant: string) => asn1.time(new Date(instant));

export const cases: CertificateCases = {
  pass: {
    'a year': linted('signing'),
    'three years': linted('signing', { notAfter: at('2029-06-15T11:58:59Z') }),
    'a year of a responder': linted('ocsp-responder'),
  },
  error: {
    'three years and a second': linted('signing', { notAfter: at('2029-06-15T11:59:00Z') }),
    'three years and a second of log-in': linted('authentication', { notAfter: at('2029-06-15T11:59:00Z') }),
    'three years and a second of an officer': linted('officer', { notAfter: at('2029-06-15T11:59:00Z') }),
    'a year and a second of a responder': linted('ocsp-responder', { notAfter: at('2027-06-15T11:59:00Z') }),
  },
  'not-applicable': {
    'a CA': linted('intermediate', { notAfter: at('2036-06-15T11:58:59Z') }),
    'a time stamping unit': linted('time-stamping', { notAfter: at('2031-06-15T11:58:59Z') }),
  },
};
