import { error } from '../finding.ts';
import { rawCertificate } from '../raw-certificate.ts';
import type { EncodingLint } from '../raw-certificate.ts';

/** Conforming CAs write neither issuerUniqueID nor subjectUniqueID: names are not reused. */
export const uniqueIdentifiersAbsent: EncodingLint = {
  id: 'unique-identifiers-absent',
  source: 'RFC 5280 §4.1.2.8',
  check({ certificate }) {
    const { hasUniqueIdentifier } = rawCertificate(certificate);
    return hasUniqueIdentifier ? error('a unique identifier is present') : 'pass';
  },
};
