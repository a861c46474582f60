import { certificateFingerprint, serialHex } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { nameText } from '../../pki/name.ts';
import type { LintReport } from '../lint/lint.ts';

/** A file as it was read or written; `path` as the reviewed file says it. */
export interface FileDigest {
  path: string;
  sha256: string;
}

/** A key that was used, by what a log may show of it. */
export interface KeyUse {
  role: string;
  /** `file:<name>` or the path of a `pkcs11:` URI. */
  reference: string;
  algorithm: string;
  /** SHA-256 over the SubjectPublicKeyInfo. */
  spkiSha256: string;
  /** Whether this act made it. */
  made: boolean;
}

export interface CertificateFacts {
  role: string;
  subject: string;
  issuer: string;
  serialNumber: string;
  notBefore: string;
  notAfter: string;
  sha256: string;
  spkiSha256: string;
}

export interface LintSummary {
  passed: number;
  notApplicable: number;
  findings: { id: string; source: string; severity: string; detail: string }[];
}

/** What happened in one act, for those who were there and those who ask later. Times are UTC. */
export interface Transcript {
  format: 'mohr-ceremony-transcript-1';
  act: string;
  title: string;
  witnesses: readonly string[];
  startedAt: string;
  endedAt: string;
  tool: Record<string, string>;
  reviewedFile: FileDigest;
  filesRead: readonly FileDigest[];
  filesWritten: readonly FileDigest[];
  profile?: { id: string; version: number; sha256: string };
  keys: readonly KeyUse[];
  certificates: readonly CertificateFacts[];
  lints?: LintSummary;
  facts: Record<string, string>;
}

export function certificateFacts(role: string, certificate: Certificate): CertificateFacts {
  return {
    role,
    subject: nameText(certificate.subject),
    issuer: nameText(certificate.issuer),
    serialNumber: serialHex(certificate),
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    sha256: certificateFingerprint(certificate).toString('hex'),
    spkiSha256: digest('sha256', certificate.subjectPublicKeyInfo).toString('hex'),
  };
}

export function lintSummary(reports: readonly LintReport[]): LintSummary {
  return {
    passed: reports.filter(({ result }) => result === 'pass').length,
    notApplicable: reports.filter(({ result }) => result === 'not-applicable').length,
    findings: reports.flatMap(({ id, source, result }) =>
      typeof result === 'object' ? [{ id, source, ...result }] : [],
    ),
  };
}
