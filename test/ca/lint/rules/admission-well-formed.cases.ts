import * as asn1 from '../../../../pki/der/encode.ts';
import { admissionExtension } from '../../../../pki/extensions/admission.ts';
import { encodeDirectoryName } from '../../../../pki/extensions/general-name.ts';
import { encodeName } from '../../../../pki/name.ts';
import { AT, CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const authority = encodeName([{ type: AT.organizationName, value: 'سازمان نظام پزشکی' }]);
const admitted = (registrationNumber: string, oid = '2.999.364.1.4.1') =>
  admissionExtension(authority, { items: ['پزشک'], oids: [oid], registrationNumber });

const profession = asn1.sequence(
  asn1.sequence(asn1.utf8String('پزشک')),
  asn1.sequence(asn1.oid('2.999.364.1.4.1')),
  asn1.printableString('42'),
);
const admission = (by: Buffer, ...professions: Buffer[]) => ({
  oid: CE.admission,
  critical: false,
  value: asn1.sequence(by, asn1.sequence(asn1.sequence(asn1.sequence(...professions)))),
});

export const cases: CertificateCases = {
  pass: { 'one profession with title, OID and number': linted('signing') },
  error: {
    'a number with letters': linted('signing', { with: [admitted('A-42')] }),
    'no title': linted('signing', {
      with: [admissionExtension(authority, { items: [], oids: [], registrationNumber: '42' })],
    }),
    'more OIDs than titles': linted('signing', {
      with: [
        admissionExtension(authority, {
          items: ['پزشک'],
          oids: ['2.999.1', '2.999.2'],
          registrationNumber: '42',
        }),
      ],
    }),
    'two professions': linted('signing', {
      with: [admission(encodeDirectoryName(authority), profession, profession)],
    }),
    'no authority': linted('signing', { with: [admission(Buffer.alloc(0), profession)] }),
    'no number': linted('signing', {
      with: [
        admission(
          encodeDirectoryName(authority),
          asn1.sequence(asn1.sequence(asn1.utf8String('پزشک')), asn1.sequence(asn1.oid('2.999.364.1.4.1'))),
        ),
      ],
    }),
  },
  'not-applicable': { 'a certificate without admission': linted('authentication') },
};
