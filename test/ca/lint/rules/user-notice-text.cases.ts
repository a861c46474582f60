import * as asn1 from '../../../../pki/der/encode.ts';
import { TAG } from '../../../../pki/der/tag.ts';
import { CE, PKIX } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const policyWith = (...qualifiers: Buffer[]) => ({
  with: [
    {
      oid: CE.certificatePolicies,
      critical: false,
      value: asn1.sequence(asn1.sequence(asn1.oid('2.999.1'), asn1.sequence(...qualifiers))),
    },
  ],
});

const notice = (...fields: Buffer[]) => asn1.sequence(asn1.oid(PKIX.userNotice), asn1.sequence(...fields));

export const cases: CertificateCases = {
  pass: {
    '200 characters': linted('signing', policyWith(notice(asn1.utf8String('م'.repeat(200))))),
    'an empty notice': linted('signing', policyWith(notice())),
  },
  error: {
    '201 characters': linted('signing', policyWith(notice(asn1.utf8String('م'.repeat(201))))),
    IA5String: linted('signing', policyWith(notice(asn1.ia5String('notice')))),
  },
  warning: {
    'a noticeRef': linted(
      'signing',
      policyWith(notice(asn1.sequence(asn1.utf8String('CA'), asn1.sequence(asn1.integer(1))))),
    ),
    'a line break': linted('signing', policyWith(notice(asn1.utf8String('one\ntwo')))),
    VisibleString: linted(
      'signing',
      policyWith(notice(asn1.element(TAG.visibleString, Buffer.from('notice')))),
    ),
    'text that is not in NFC': linted('signing', policyWith(notice(asn1.utf8String('\u0627\u0653')))),
  },
  'not-applicable': { 'policies without a notice': linted('signing') },
};
