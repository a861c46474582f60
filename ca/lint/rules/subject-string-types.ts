import { TAG } from '../../../pki/der/tag.ts';
import { AT } from '../../../pki/oid.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { subjectAttributes } from '../subject-attributes.ts';

/** X.520 gives these types one string type; all others are DirectoryStrings. */
const PRESCRIBED: ReadonlyMap<string, number> = new Map<string, number>([
  [AT.countryName, TAG.printableString],
  [AT.serialNumber, TAG.printableString],
  [AT.emailAddress, TAG.ia5String],
  [AT.domainComponent, TAG.ia5String],
]);

/** Names are written as UTF8String or PrintableString; TeletexString, BMPString and UniversalString are of the past. */
export const subjectStringTypes: CertificateLint = {
  id: 'subject-string-types',
  source: 'RFC 5280 §4.1.2.4 and §4.1.2.6',
  check({ certificate }) {
    const attributes = subjectAttributes(certificate);
    if (attributes.length === 0) return 'not-applicable';
    for (const { type, tag } of attributes) {
      const prescribed = PRESCRIBED.get(type);
      const fits =
        prescribed === undefined ? tag === TAG.utf8String || tag === TAG.printableString : tag === prescribed;
      if (!fits) return error(`attribute ${type} is written with string type ${tag}`);
    }
    return 'pass';
  },
};
