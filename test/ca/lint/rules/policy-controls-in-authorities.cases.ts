import * as asn1 from '../../../../pki/der/encode.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const control = (oid: string) => ({ with: [{ oid, critical: true, value: asn1.sequence() }] });

export const cases: CertificateCases = {
  pass: { 'a leaf without them': linted('signing') },
  error: {
    policyMappings: linted('signing', control(CE.policyMappings)),
    nameConstraints: linted('signing', control(CE.nameConstraints)),
    policyConstraints: linted('officer', control(CE.policyConstraints)),
    inhibitAnyPolicy: linted('ocsp-responder', control(CE.inhibitAnyPolicy)),
  },
  'not-applicable': { 'a CA': linted('intermediate', control(CE.nameConstraints)) },
};
