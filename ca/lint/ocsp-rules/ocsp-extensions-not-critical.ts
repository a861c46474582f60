import { error } from '../finding.ts';
import type { OcspLint } from '../linted-ocsp-response.ts';

/** No extension of a response is critical: none of ours changes what its status means. */
export const ocspExtensionsNotCritical: OcspLint = {
  id: 'ocsp-extensions-not-critical',
  source: 'RFC 6960 §4.4, practice statement: revocation',
  check({ response }) {
    if (response.status !== 'successful') return 'not-applicable';
    const lists = [response.extensions, ...response.responses.map(({ extensions }) => extensions)];
    const extensions = lists.flatMap((list) => [...list.values()]);
    if (extensions.length === 0) return 'not-applicable';
    const wrong = extensions.find(({ critical }) => critical);
    return wrong ? error(`extension ${wrong.oid} is critical`) : 'pass';
  },
};
