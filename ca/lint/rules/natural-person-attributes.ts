import { AT } from '../../../pki/oid.ts';
import { isNaturalPerson } from '../certificate-kind.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { subjectAttributes } from '../subject-attributes.ts';

/** A natural person is named by country, common name, and by given name or surname, or else by a pseudonym. */
export const naturalPersonAttributes: CertificateLint = {
  id: 'natural-person-attributes',
  source: 'EN 319 412-2 NAT-4.2.4-1',
  check({ certificate }) {
    if (!isNaturalPerson(certificate)) return 'not-applicable';
    const types = subjectAttributes(certificate).map(({ type }) => type);
    if (!types.includes(AT.countryName)) return error('the subject has no countryName');
    if (!types.includes(AT.commonName)) return error('the subject has no commonName');
    const named = PERSONAL_NAMES.some((type) => types.includes(type));
    return named ? 'pass' : error('the subject has neither givenName nor surname nor pseudonym');
  },
};

const PERSONAL_NAMES = [AT.givenName, AT.surname, AT.pseudonym];
