import { isAsciiDigits } from '../../../core/digits.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** One admission: by a named authority, to a profession that has a title, under a registration number of digits. */
export const admissionWellFormed: CertificateLint = {
  id: 'admission-well-formed',
  source: 'Common PKI 2.0 part 1 table 29b, practice statement: profiles',
  check({ certificate }) {
    const { admission } = parsedExtensions(certificate);
    if (!admission) return 'not-applicable';
    if (admission.admissionAuthority?.kind !== 'directoryName')
      return error('the admission authority is not named');
    if (admission.professionInfos.length !== 1)
      return error(`${admission.professionInfos.length} professions, not one`);
    const [{ professionItems, professionOids, registrationNumber }] = admission.professionInfos;
    if (professionItems.length === 0 || professionItems.includes(''))
      return error('the profession has no title');
    if (professionOids.length !== professionItems.length)
      return error('titles and OIDs of professions differ in number');
    const numbered = registrationNumber !== undefined && isAsciiDigits(registrationNumber);
    return numbered ? 'pass' : error('the registration number is not made of digits');
  },
};
