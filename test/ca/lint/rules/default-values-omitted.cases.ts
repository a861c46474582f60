import * as asn1 from '../../../../pki/der/encode.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: {
    'critical TRUE and no critical': linted('signing'),
    'cA TRUE': linted('intermediate'),
    'a certificate without extensions': linted('signing', { extensionList: [] }),
  },
  error: {
    'critical FALSE': linted('signing', {
      extensionList: [
        asn1.sequence(asn1.oid(CE.ocspNoCheck), asn1.boolean(false), asn1.octetString(asn1.NULL)),
      ],
    }),
    'cA FALSE': linted('signing', {
      with: [{ oid: CE.basicConstraints, critical: true, value: asn1.sequence(asn1.boolean(false)) }],
    }),
  },
  appliesToAll: true,
};
