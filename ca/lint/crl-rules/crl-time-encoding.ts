import { error } from '../finding.ts';
import { rawCrl } from '../linted-crl.ts';
import type { CrlLint } from '../linted-crl.ts';
import { timeFault } from '../span.ts';

/** thisUpdate and nextUpdate are UTCTime through 2049 and GeneralizedTime from 2050 on, with seconds and Z. */
export const crlTimeEncoding: CrlLint = {
  id: 'crl-time-encoding',
  source: 'RFC 5280 §5.1.2.4 and §5.1.2.5',
  check({ crl }) {
    const { thisUpdate, nextUpdate } = rawCrl(crl);
    const fault = timeFault(crl.tbsCertList, thisUpdate);
    if (fault) return error(`thisUpdate ${fault}`);
    const laterFault = nextUpdate && timeFault(crl.tbsCertList, nextUpdate);
    return laterFault ? error(`nextUpdate ${laterFault}`) : 'pass';
  },
};
