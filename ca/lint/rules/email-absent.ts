import { AT } from '../../../pki/oid.ts';
import { isNaturalPerson } from '../certificate-kind.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { subjectAttributes } from '../subject-attributes.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** A practitioner's certificate carries no e-mail address: it is personal, and it changes. */
export const emailAbsent: CertificateLint = {
  id: 'email-absent',
  source: 'practice statement: names',
  check({ certificate }) {
    if (!isNaturalPerson(certificate)) return 'not-applicable';
    const inSubject = subjectAttributes(certificate).some(({ type, value }) => {
      return type === AT.emailAddress || value.includes('@');
    });
    if (inSubject) return error('the subject has an e-mail address');
    const alternatives = parsedExtensions(certificate).subjectAltName ?? [];
    return alternatives.some(({ kind }) => kind === 'email')
      ? error('subjectAltName has an e-mail address')
      : 'pass';
  },
};
