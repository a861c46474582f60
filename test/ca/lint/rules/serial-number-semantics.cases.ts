import * as asn1 from '../../../../pki/der/encode.ts';
import { naturalPersonSemanticsExtension } from '../../../../pki/extensions/qc-statements.ts';
import { AT, CE, PKIX } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted, physician } from '../../../support/lint-certificate.ts';

const etsi = physician({ [AT.serialNumber]: 'PNOIR-9990000001' });

export const cases: CertificateCases = {
  pass: {
    'the form and its statement': linted('signing', {
      subject: etsi,
      with: [naturalPersonSemanticsExtension()],
    }),
  },
  error: {
    'the form without a statement': linted('signing', { subject: etsi }),
    'the statement without the form': linted('signing', { with: [naturalPersonSemanticsExtension()] }),
    'the statement without a serialNumber': linted('signing', {
      subject: physician({ [AT.serialNumber]: undefined }),
      with: [naturalPersonSemanticsExtension()],
    }),
  },
  'not-applicable': {
    'a bare national id': linted('signing'),
    'a statement of other semantics': linted('signing', {
      with: [
        {
          oid: CE.qcStatements,
          critical: false,
          value: asn1.sequence(
            asn1.sequence(asn1.oid(PKIX.qcStatementSemantics), asn1.sequence(asn1.oid('0.4.0.194121.1.2'))),
          ),
        },
      ],
    }),
  },
};
