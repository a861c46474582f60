import { NULL } from '../../../pki/der/encode.ts';
import { CE } from '../../../pki/oid.ts';
import type { OcspSingleResponse } from '../../../pki/ocsp-single-response.ts';
import { error } from '../finding.ts';
import type { OcspLint } from '../linted-ocsp-response.ts';

/**
 * A serial number that was never issued is revoked since 1970-01-01 with certificateHold, and the response says by
 * extended-revoke that it uses "revoked" in this sense. Such an answer has no CertHash, as there is no certificate.
 */
export const ocspExtendedRevoke: OcspLint = {
  id: 'ocsp-extended-revoke',
  source: 'RFC 6960 §2.2 and §4.4.8',
  check({ response }) {
    if (response.status !== 'successful') return 'not-applicable';
    const neverIssued = response.responses.filter(isNeverIssued);
    if (neverIssued.length === 0) return 'not-applicable';
    const extension = response.extensions.get(CE.ocspExtendedRevoke);
    if (!extension) return error('a serial number that was never issued, without extended-revoke');
    if (!extension.value.equals(NULL)) return error('the value of extended-revoke is not NULL');
    const reason = neverIssued.every(
      ({ status }) => status.kind === 'revoked' && status.reason === 'certificateHold',
    );
    if (!reason)
      return error('a serial number that was never issued, with another reason than certificateHold');
    const hashed = neverIssued.some(({ extensions }) => extensions.has(CE.certHash));
    return hashed ? error('a CertHash of a certificate that was never issued') : 'pass';
  },
};

function isNeverIssued({ status }: OcspSingleResponse): boolean {
  return status.kind === 'revoked' && status.revokedAt.getTime() === 0;
}
