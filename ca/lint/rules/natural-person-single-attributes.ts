import { AT } from '../../../pki/oid.ts';
import { isNaturalPerson } from '../certificate-kind.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { subjectAttributes } from '../subject-attributes.ts';

/** The subject has at most one countryName and one commonName; we add serialNumber, which has to be one person's. */
export const naturalPersonSingleAttributes: CertificateLint = {
  id: 'natural-person-single-attributes',
  source: 'EN 319 412-2 NAT-4.2.4-3, practice statement: names',
  check({ certificate }) {
    if (!isNaturalPerson(certificate)) return 'not-applicable';
    const types = subjectAttributes(certificate).map(({ type }) => type);
    const repeated = SINGLE.find((type) => types.indexOf(type) !== types.lastIndexOf(type));
    return repeated ? error(`the subject repeats attribute ${repeated}`) : 'pass';
  },
};

const SINGLE = [AT.countryName, AT.commonName, AT.serialNumber];
