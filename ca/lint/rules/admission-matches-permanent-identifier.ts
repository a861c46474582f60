import { sameCouncilDigits } from '../../../core/council-number.ts';
import { councilIdentity } from '../council-identity.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** Admission and permanentIdentifier name the same member: the same digits, and the profession of the same group. */
export const admissionMatchesPermanentIdentifier: CertificateLint = {
  id: 'admission-matches-permanent-identifier',
  source: 'practice statement: names',
  check({ certificate }) {
    const identity = councilIdentity(certificate);
    const info = parsedExtensions(certificate).admission?.professionInfos[0];
    if (!identity || !info) return 'not-applicable';
    if (!sameCouncilDigits(info.registrationNumber ?? '', identity.digits)) {
      return error('the registration number differs from the permanent identifier');
    }
    const expected = identity.group && `${identity.arc}.4.${identity.group.professionArc}`;
    const matches = expected !== undefined && info.professionOids.includes(expected);
    return matches ? 'pass' : error('the profession is not that of the membership group');
  },
};
