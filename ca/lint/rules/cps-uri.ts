import { TAG } from '../../../pki/der/tag.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';
import { isVisibleAscii } from '../text.ts';

/** The pointer to the practice statement is an http or https URI in an IA5String. */
export const cpsUri: CertificateLint = {
  id: 'cps-uri',
  source: 'RFC 5280 §4.2.1.4',
  check({ certificate }) {
    let pointers = 0;
    for (const { qualifiers } of parsedExtensions(certificate).certificatePolicies ?? []) {
      for (const qualifier of qualifiers) {
        if (qualifier.kind !== 'cps') continue;
        pointers += 1;
        if (qualifier.tag !== TAG.ia5String) return error('the CPS pointer is not an IA5String');
        const { uri } = qualifier;
        const web = uri.startsWith('https://') || uri.startsWith('http://');
        if (!web || !isVisibleAscii(uri)) return error('the CPS pointer is not an http or https URI');
      }
    }
    return pointers > 0 ? 'pass' : 'not-applicable';
  },
};
