import { DomainError } from '../../../core/errors.ts';
import { parseNationalId } from '../../../core/national-id.ts';
import { AT } from '../../../pki/oid.ts';
import { attributeOf } from '../../../pki/name.ts';
import { isNaturalPerson } from '../certificate-kind.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

const ETSI_PREFIX = 'PNOIR-';

/** serialNumber of a practitioner is a national id with a right check digit, bare or as PNOIR-…; it is never repeated here. */
export const nationalId: CertificateLint = {
  id: 'national-id',
  source: 'practice statement: names',
  check({ certificate }) {
    const value = attributeOf(certificate.subject, AT.serialNumber);
    if (value === undefined || !isNaturalPerson(certificate)) return 'not-applicable';
    const digits = value.startsWith(ETSI_PREFIX) ? value.slice(ETSI_PREFIX.length) : value;
    try {
      // The parser folds Persian digits; a certificate has ASCII ones.
      return parseNationalId(digits) === digits ? 'pass' : error('serialNumber has digits beyond ASCII');
    } catch (fault) {
      if (fault instanceof DomainError) return error(`serialNumber: ${fault.detail}`);
      throw fault;
    }
  },
};
