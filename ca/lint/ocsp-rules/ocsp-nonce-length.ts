import { CE } from '../../../pki/oid.ts';
import { parseNonce } from '../../../pki/ocsp-extensions.ts';
import { PkiError } from '../../../pki/pki-error.ts';
import { error } from '../finding.ts';
import type { OcspLint } from '../linted-ocsp-response.ts';

/** A nonce is an OCTET STRING of 1 to 128 octets. */
export const ocspNonceLength: OcspLint = {
  id: 'ocsp-nonce-length',
  source: 'RFC 9654 §2.1',
  check({ response }) {
    const nonce = response.status === 'successful' && response.extensions.get(CE.ocspNonce);
    if (!nonce) return 'not-applicable';
    try {
      parseNonce(nonce.value);
      return 'pass';
    } catch (fault) {
      if (fault instanceof PkiError) return error(fault.detail);
      throw fault;
    }
  },
};
