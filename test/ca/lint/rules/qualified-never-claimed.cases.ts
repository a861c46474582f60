import * as asn1 from '../../../../pki/der/encode.ts';
import { certificatePoliciesExtension } from '../../../../pki/extensions/certificate-policies.ts';
import { naturalPersonSemanticsExtension } from '../../../../pki/extensions/qc-statements.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const statement = (oid: string) => ({
  oid: CE.qcStatements,
  critical: false,
  value: asn1.sequence(asn1.sequence(asn1.oid(oid))),
});

export const cases: CertificateCases = {
  pass: {
    'policies of our own': linted('signing'),
    'a statement of semantics': linted('signing', { with: [naturalPersonSemanticsExtension()] }),
  },
  error: {
    QcCompliance: linted('signing', { with: [statement('0.4.0.1862.1.1')] }),
    QcSSCD: linted('signing', { with: [statement('0.4.0.1862.1.4')] }),
    'the policy of qualified signatures': linted('signing', {
      with: [certificatePoliciesExtension([{ policy: '2.999.1' }, { policy: '0.4.0.194112.1.2' }])],
    }),
  },
  'not-applicable': { 'a certificate without statements and policies': linted('ocsp-responder') },
};
