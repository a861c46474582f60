import { parseCertificate } from '../../pki/certificate.ts';
import type { CertificateRecord } from '../certificate-directory.ts';
import { RaError } from '../ra-error.ts';
import type { Personalisation } from './personalisation.ts';
import type { PersonalisationHouse } from './personalisation-house.ts';

/**
 * The certificate that was issued for the key on the card. Throws RaError `personalisation-not-issued`, or `personalisation-key`
 * when the case was filed with another key: it is never written.
 */
export async function certificateOfCase(
  { directory }: Pick<PersonalisationHouse, 'directory'>,
  { applicationId, subjectPublicKeyInfo }: Personalisation,
): Promise<CertificateRecord> {
  const [record] = await directory.search({ applicationId, limit: 1 });
  if (!record) throw new RaError('personalisation-not-issued', 'the certificate is not issued yet');
  if (subjectPublicKeyInfo?.equals(parseCertificate(record.bytes).subjectPublicKeyInfo)) return record;
  throw new RaError('personalisation-key', 'the certificate was issued for another key than the card’s');
}
