import * as asn1 from '../../../../pki/der/encode.ts';
import { AT } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted, physician } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: {
    'plain names': linted('signing'),
    'a zero-width non-joiner, which Persian spelling needs': linted('signing', {
      subject: physician({ [AT.surname]: 'نیک\u200cنژاد' }),
    }),
  },
  error: {
    'a right-to-left override': linted('signing', {
      subject: physician({ [AT.commonName]: 'Mina \u202eiazeR' }),
    }),
    'a left-to-right mark': linted('signing', { subject: physician({ [AT.surname]: 'رضایی\u200e' }) }),
    'a zero-width joiner': linted('signing', { subject: physician({ [AT.surname]: 'رضا\u200dیی' }) }),
    'a NUL': linted('signing', { subject: physician({ [AT.commonName]: 'Mina\0Rezaei' }) }),
    'a C1 control': linted('signing', { subject: physician({ [AT.commonName]: 'Mina\u0085Rezaei' }) }),
  },
  'not-applicable': { 'an empty subject': linted('signing', { subject: asn1.sequence() }) },
};
