import { error } from '../finding.ts';
import { rawCertificate } from '../raw-certificate.ts';
import type { EncodingLint } from '../raw-certificate.ts';

/** The algorithm inside the TBS, which is signed, is the one outside, which is not. */
export const signatureAlgorithmsEqual: EncodingLint = {
  id: 'signature-algorithms-equal',
  source: 'RFC 5280 §4.1.1.2',
  check({ certificate }) {
    const { innerAlgorithm: inner, outerAlgorithm: outer } = rawCertificate(certificate);
    const { bytes } = certificate;
    const order = bytes.compare(bytes, inner.start, inner.end, outer.start, outer.end);
    return order === 0 ? 'pass' : error('the signature algorithms inside and outside the signed part differ');
  },
};
