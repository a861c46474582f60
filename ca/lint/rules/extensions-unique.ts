import { error } from '../finding.ts';
import { rawCertificate } from '../raw-certificate.ts';
import type { EncodingLint } from '../raw-certificate.ts';

/** A certificate never carries the same extension twice. */
export const extensionsUnique: EncodingLint = {
  id: 'extensions-unique',
  source: 'RFC 5280 §4.2',
  check({ certificate }) {
    const { extensions } = rawCertificate(certificate);
    if (extensions.length === 0) return 'not-applicable';
    const repeated = extensions.length - new Set(extensions.map(({ oid }) => oid)).size;
    return repeated === 0 ? 'pass' : error(`extensions that repeat an earlier one: ${repeated}`);
  },
};
