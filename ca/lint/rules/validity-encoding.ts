import { error } from '../finding.ts';
import { rawCertificate } from '../raw-certificate.ts';
import type { EncodingLint } from '../raw-certificate.ts';
import { timeFault } from '../span.ts';

/** UTCTime through 2049, GeneralizedTime from 2050 on; seconds are written, fractions are not, and the zone is Z. */
export const validityEncoding: EncodingLint = {
  id: 'validity-encoding',
  source: 'RFC 5280 §4.1.2.5',
  check({ certificate }) {
    const { notBefore, notAfter } = rawCertificate(certificate);
    const fault = timeFault(certificate.bytes, notBefore);
    if (fault) return error(`notBefore ${fault}`);
    const laterFault = timeFault(certificate.bytes, notAfter);
    return laterFault ? error(`notAfter ${laterFault}`) : 'pass';
  },
};
