import type { CertificateDirectory, CertificateFilter, CertificateRecord } from './certificate-directory.ts';
import { readSearchTerms } from './holders/search-terms.ts';
import { seesAllOffices } from './officer.ts';
import type { Officer } from './officer.ts';

/** Certificates of the officer's office that a text names (a name part in Persian or Latin, a number, a serial number), newest first; of all offices for the CA's own staff. */
export function searchCertificates(
  directory: CertificateDirectory,
  officer: Officer,
  { text, ...filter }: Omit<CertificateFilter, 'officeId' | 'terms'> & { text?: string },
): Promise<CertificateRecord[]> {
  return directory.search({
    ...filter,
    ...(text !== undefined && { terms: readSearchTerms(text) }),
    ...(!seesAllOffices(officer) && { officeId: officer.officeId }),
  });
}
