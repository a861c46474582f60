import { canonicalJson } from '../../core/canonical-json.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { parseCertificationRequest } from '../../pki/certification-request.ts';
import { sameName } from '../../pki/name.ts';
import type { RenewalDocument } from '../../pki/renewal/renewal-document.ts';
import { RaError } from '../ra-error.ts';
import { renewWith } from './renew-certificate.ts';
import type { RenewalHouse, RenewalOutcome } from './renewal.ts';
import { isValidAt, recordOf } from './signed-by-holder.ts';

export interface RenewalOverTls {
  /** DER; the client has proved in the handshake that it has the key. */
  certificate: Buffer;
  /** PKCS#10, DER. */
  certificationRequest: Buffer;
  /** Of the CA that is asked; absent: whichever issued the certificate. */
  authorityId?: string;
}

/**
 * Renews the certificate that a TLS client has shown, by the rules of `renewCertificate` (RFC 7030 §4.2.2). Whose it is, and whether
 * it is good, is read from our own records and not from what was shown. Throws RaError `renewal-over-tls`,
 * `renewal-signature-wrong`, `renewal-subject-differs`, and what a renewal is refused for.
 */
export async function renewOverTls(
  house: RenewalHouse,
  { certificate, certificationRequest, authorityId }: RenewalOverTls,
): Promise<RenewalOutcome> {
  if (!house.isRenewableOverTls)
    throw new RaError('renewal-over-tls', 'this deployment renews by a signature: POST /api/v1/renewals');
  const shown = parseCertificate(certificate);
  const current = await recordOf(house, shown.issuer, shown.serialNumber);
  const isCurrent = current?.bytes.equals(certificate) && isValidAt(current, house.clock.now());
  if (!current || !isCurrent || (authorityId !== undefined && authorityId !== current.authorityId))
    throw new RaError('renewal-signature-wrong', 'this is no certificate of a holder that is valid now');
  if (await house.transactions.transaction((tx) => house.readyDigests.isSigner(tx, current)))
    throw new RaError(
      'renewal-over-tls',
      'its key signs digests of others, perhaps that of a handshake: renew by a signature, POST /api/v1/renewals',
    );
  const request = parseCertificationRequest(certificationRequest);
  // RFC 7030 §4.2.2: the same subject. The certificate has what we know of the holder; a request that says otherwise is a mistake.
  if (!sameName(request.subject, shown.subject))
    throw new RaError('renewal-subject-differs', 'the request names another subject than the certificate');
  const document: RenewalDocument = {
    type: 'mohr-renewal-request',
    certificate: { authority: current.authorityId, serialNumber: current.serialNumber.toString('hex') },
    certificationRequest: request.bytes.toString('base64'),
  };
  return renewWith(house, current, {
    document: Buffer.from(canonicalJson(document)),
    subjectPublicKeyInfo: request.subjectPublicKeyInfo,
  });
}
