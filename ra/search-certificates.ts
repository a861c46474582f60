import type { CertificateDirectory, CertificateFilter, CertificateRecord } from './certificate-directory.ts';
import { seesAllOffices } from './officer.ts';
import type { Officer } from './officer.ts';

/** Certificates of the officer's office, newest first; of all offices for the CA's own staff. */
export function searchCertificates(
  directory: CertificateDirectory,
  officer: Officer,
  filter: Omit<CertificateFilter, 'officeId'>,
): Promise<CertificateRecord[]> {
  return directory.search({ ...filter, ...(!seesAllOffices(officer) && { officeId: officer.officeId }) });
}
