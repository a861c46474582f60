import { crlEntryFacts } from '../crl-entry-facts.ts';
import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';

/** reasonCode and invalidityDate are not critical, and we write no other entry extension. */
export const crlEntryExtensionsNotCritical: CrlLint = {
  id: 'crl-entry-extensions-not-critical',
  source: 'RFC 5280 §5.3.1 and §5.3.2',
  check({ crl }) {
    const { entries, criticalExtensions } = crlEntryFacts(crl);
    if (entries === 0) return 'not-applicable';
    return criticalExtensions === 0 ? 'pass' : error(`critical entry extensions: ${criticalExtensions}`);
  },
};
