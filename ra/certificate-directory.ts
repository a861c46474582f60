import type { NationalId } from '../core/national-id.ts';
import type { CertificateStatus, StatusChange } from '../pki/certificate-status.ts';
import type { Applicant, ApplicationId } from './application.ts';
import type { SearchTerms } from './holders/search-terms.ts';
import type { OfficeId } from './officer.ts';

/** A holder's certificate as officers find it: with its status, its holder and its office. */
export interface CertificateRecord {
  authorityId: string;
  serialNumber: Buffer;
  /** DER. */
  bytes: Buffer;
  sha256: Buffer;
  profileId: string;
  notBefore: Date;
  notAfter: Date;
  issuedAt: Date;
  status: CertificateStatus;
  applicationId: ApplicationId;
  officeId: OfficeId;
  applicant: Applicant;
}

export interface CertificateFilter {
  /** Absent: all offices. */
  officeId?: OfficeId;
  terms?: SearchTerms;
  applicationId?: ApplicationId;
  nationalId?: NationalId;
  /** Only certificates of older applications: the last one of the page before. */
  before?: ApplicationId;
  limit: number;
}

export interface CertificateDirectory {
  find(authorityId: string, serialNumber: Buffer): Promise<CertificateRecord | undefined>;
  /** By SHA-256 over the certificate. */
  findByFingerprint(sha256: Buffer): Promise<CertificateRecord | undefined>;
  /** Newest applications first. */
  search(filter: CertificateFilter): Promise<CertificateRecord[]>;
  /** The whole status history of one certificate, oldest first. */
  historyOf(authorityId: string, serialNumber: Buffer): Promise<StatusChange[]>;
}
