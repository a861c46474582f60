import { CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'a leaf with it': linted('signing'), 'a CA with it': linted('intermediate') },
  error: { 'a CA without it': linted('intermediate', { without: [CE.subjectKeyIdentifier] }) },
  warning: { 'a leaf without it': linted('signing', { without: [CE.subjectKeyIdentifier] }) },
  appliesToAll: true,
};
