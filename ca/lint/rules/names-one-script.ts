import { AT } from '../../../pki/oid.ts';
import { attributeOf } from '../../../pki/name.ts';
import { isNaturalPerson } from '../certificate-kind.ts';
import { notice } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { isBeyondLatin } from '../text.ts';

/**
 * Given name, surname and common name should be of one script. The national profile wants Persian names beside a Latin
 * common name, and so do we: a notice, not a warning.
 */
export const namesOneScript: CertificateLint = {
  id: 'names-one-script',
  source: 'EN 319 412-2 NAT-4.2.4-19',
  check({ certificate }) {
    if (!isNaturalPerson(certificate)) return 'not-applicable';
    const names = NAMES.map((type) => attributeOf(certificate.subject, type)).filter(
      (value) => value !== undefined,
    );
    if (names.length < 2) return 'not-applicable';
    const others = names.filter(isBeyondLatin).length;
    const mixed = others > 0 && others < names.length;
    return mixed ? notice('givenName, surname and commonName are of two scripts') : 'pass';
  },
};

const NAMES = [AT.givenName, AT.surname, AT.commonName];
