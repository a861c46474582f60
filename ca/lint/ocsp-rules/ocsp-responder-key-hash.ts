import { error } from '../finding.ts';
import type { OcspLint } from '../linted-ocsp-response.ts';

/** A responder named by its key is named by the SHA-1 of it, whatever hash the CertIDs use. */
export const ocspResponderKeyHash: OcspLint = {
  id: 'ocsp-responder-key-hash',
  source: 'RFC 6960 §4.2.1',
  check({ response }) {
    if (response.status !== 'successful' || response.responderId.kind !== 'byKey') return 'not-applicable';
    const { length } = response.responderId.keyHash;
    return length === 20 ? 'pass' : error(`the key hash of the responder has ${length} octets, not 20`);
  },
};
