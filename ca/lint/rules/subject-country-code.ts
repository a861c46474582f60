import { TAG } from '../../../pki/der/tag.ts';
import { AT } from '../../../pki/oid.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { subjectAttributes } from '../subject-attributes.ts';

/** countryName is a PrintableString of the two capital letters of ISO 3166-1. */
export const subjectCountryCode: CertificateLint = {
  id: 'subject-country-code',
  source: 'RFC 5280 appendix A.1, X.520 §6.3.1',
  check({ certificate }) {
    const countries = subjectAttributes(certificate).filter(({ type }) => type === AT.countryName);
    if (countries.length === 0) return 'not-applicable';
    for (const { value, tag } of countries) {
      if (tag !== TAG.printableString) return error('countryName is not a PrintableString');
      if (value.length !== 2 || !isCapital(value.charCodeAt(0)) || !isCapital(value.charCodeAt(1))) {
        return error('countryName is not two capital letters');
      }
    }
    return 'pass';
  },
};

function isCapital(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}
