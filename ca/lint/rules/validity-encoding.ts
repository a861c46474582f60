import { TAG } from '../../../pki/der/tag.ts';
import { error } from '../finding.ts';
import { rawCertificate } from '../raw-certificate.ts';
import type { EncodingLint, Span } from '../raw-certificate.ts';

/** UTCTime through 2049, GeneralizedTime from 2050 on; seconds are written, fractions are not, and the zone is Z. */
export const validityEncoding: EncodingLint = {
  id: 'validity-encoding',
  source: 'RFC 5280 §4.1.2.5',
  check({ certificate }) {
    const { notBefore, notAfter } = rawCertificate(certificate);
    const fault = faultOf(certificate.bytes, notBefore);
    if (fault) return error(`notBefore ${fault}`);
    const laterFault = faultOf(certificate.bytes, notAfter);
    return laterFault ? error(`notAfter ${laterFault}`) : 'pass';
  },
};

function faultOf(bytes: Buffer, { tag, content, end }: Span): string | undefined {
  if (tag !== TAG.utcTime && tag !== TAG.generalizedTime) return 'is neither UTCTime nor GeneralizedTime';
  const digits = tag === TAG.utcTime ? 12 : 14;
  if (end - content !== digits + 1 || bytes[end - 1] !== 0x5a) return `is not ${digits} digits and Z`;
  for (let at = content; at < end - 1; at += 1) {
    if (bytes[at] < 0x30 || bytes[at] > 0x39) return `is not ${digits} digits and Z`;
  }
  if (tag === TAG.utcTime) return undefined;
  const year = Number(bytes.toString('latin1', content, content + 4));
  return year < 2050 ? `writes the year ${year} as GeneralizedTime` : undefined;
}
