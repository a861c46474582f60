import type { CertificateList } from '../../../pki/crl.ts';
import { nameText } from '../../../pki/name.ts';

/** What a transcript says of a CRL. */
export function crlFacts(list: CertificateList): Record<string, string> {
  const revoked = [...list.revokedCertificates].map(
    ({ serialNumber, reason }) => `${Buffer.from(serialNumber).toString('hex')} (${reason})`,
  );
  return {
    'CRL of': nameText(list.issuer),
    'CRL number': String(list.crlNumber ?? 'none'),
    'this update': list.thisUpdate.toISOString(),
    'next update': list.nextUpdate?.toISOString() ?? 'none',
    revoked: revoked.join(', ') || 'nothing',
  };
}
