import { AT } from '../../../pki/oid.ts';
import { error, warning } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { subjectAttributes } from '../subject-attributes.ts';

/** Characters, not octets (RFC 5280 appendix A.1, note on upper bounds). countryName has a rule of its own. */
const UPPER_BOUNDS: ReadonlyMap<string, { name: string; bound: number }> = new Map([
  [AT.commonName, { name: 'commonName', bound: 64 }],
  [AT.surname, { name: 'surname', bound: 32_768 }],
  [AT.givenName, { name: 'givenName', bound: 32_768 }],
  [AT.serialNumber, { name: 'serialNumber', bound: 64 }],
  [AT.localityName, { name: 'localityName', bound: 128 }],
  [AT.stateOrProvinceName, { name: 'stateOrProvinceName', bound: 128 }],
  [AT.organizationName, { name: 'organizationName', bound: 64 }],
  [AT.organizationalUnitName, { name: 'organizationalUnitName', bound: 64 }],
  [AT.title, { name: 'title', bound: 64 }],
  [AT.pseudonym, { name: 'pseudonym', bound: 128 }],
  [AT.emailAddress, { name: 'emailAddress', bound: 255 }],
]);

/** X.411 gives parts of personal names 64 characters, and readers have been built to that. */
const COMFORTABLE = 64;

/** No attribute is longer than its upper bound. */
export const subjectAttributeLengths: CertificateLint = {
  id: 'subject-attribute-lengths',
  source: 'RFC 5280 appendix A.1',
  check({ certificate }) {
    const attributes = subjectAttributes(certificate);
    if (attributes.length === 0) return 'not-applicable';
    let long: string | undefined;
    for (const { type, value } of attributes) {
      // Short in UTF-16 units is short in characters, which only then need to be counted.
      if (value.length <= COMFORTABLE) continue;
      const entry = UPPER_BOUNDS.get(type);
      if (!entry) continue;
      const characters = [...value].length;
      if (characters > entry.bound)
        return error(`${entry.name} has ${characters} characters, at most ${entry.bound}`);
      if (entry.bound === 32_768 && characters > COMFORTABLE)
        long = `${entry.name} has ${characters} characters`;
    }
    return long === undefined ? 'pass' : warning(`${long}; readers may expect ${COMFORTABLE}`);
  },
};
