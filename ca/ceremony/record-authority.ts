import type { AuditActor } from '../../audit/audit-event.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import type { Transaction } from '../../core/transaction.ts';
import { certificateFingerprint, serialHex } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { AuthorityRecord, AuthorityStore } from '../authority/authority-store.ts';
import type { CertificateStore } from '../issue/certificate-store.ts';
import type { StatusStore } from '../status/status-store.ts';
import { CeremonyError } from './ceremony-error.ts';

/** Where a deployment keeps what it knows of its authorities. */
export interface AuthorityRegister {
  authorities: AuthorityStore;
  certificates: CertificateStore;
  statuses: StatusStore;
  audit: AuditLog;
}

export interface RecordedAuthority {
  record: AuthorityRecord;
  certificate: Certificate;
  profile: { id: string; version: number };
  /** For the audit event. */
  action: 'issue-certificate' | 'import-certificate';
  actor: AuditActor;
  details?: Record<string, string>;
}

/**
 * Records an authority and, unless it is a root, its certificate as one that its issuer issued: validation and fsck ask one
 * history about every certificate. Throws CeremonyError `key-reused` or `serial-taken`.
 */
export async function recordAuthority(
  register: AuthorityRegister,
  tx: Transaction,
  { record, certificate, profile, action, actor, details }: RecordedAuthority,
): Promise<void> {
  const { id, issuerId, createdAt: at } = record;
  const origin = `ceremony:${id}`;
  await register.authorities.insertAuthority(tx, record);
  if (issuerId !== undefined) {
    await recordCertificate(register, tx, { authorityId: issuerId, certificate, profile, origin, at });
  }
  await register.audit.record(tx, {
    at,
    actor,
    action,
    outcome: 'accepted',
    subject: issuerId === undefined ? `authority:${id}` : `certificate:${issuerId}/${serialHex(certificate)}`,
    details: {
      origin,
      profile: `${profile.id}@${profile.version}`,
      sha256: certificateFingerprint(certificate).toString('hex'),
      effectiveAt: certificate.notBefore.toISOString(),
      ...details,
    },
  });
}

async function recordCertificate(
  register: AuthorityRegister,
  tx: Transaction,
  issue: {
    authorityId: string;
    certificate: Certificate;
    profile: { id: string; version: number };
    origin: string;
    at: Date;
  },
): Promise<void> {
  const { certificate, profile, at } = issue;
  const common = {
    authorityId: issue.authorityId,
    serialNumber: certificate.serialNumber,
    origin: issue.origin,
  };
  const outcome = await register.certificates.recordIntent(tx, {
    ...common,
    profileId: profile.id,
    profileVersion: profile.version,
    tbsCertificate: certificate.tbsCertificate,
    spkiSha256: digest('sha256', certificate.subjectPublicKeyInfo),
    intendedAt: at,
  });
  // An authority claims no holder's slot.
  if (outcome !== 'recorded') {
    const code = outcome === 'key-reused' ? outcome : 'serial-taken';
    throw new CeremonyError(code, TAKEN[code]);
  }
  await register.certificates.recordCertificate(tx, {
    ...common,
    profileId: profile.id,
    bytes: certificate.bytes,
    sha256: certificateFingerprint(certificate),
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    issuedAt: at,
  });
  // In force since notBefore, whenever we hear of it: its issuer may revoke it as of any later moment.
  const effectiveAt = certificate.notBefore;
  await register.statuses.append(tx, { ...common, event: 'issued', effectiveAt, requestedBy: issue.origin });
}

const TAKEN = {
  'serial-taken': 'the issuer has another certificate of this serial number here',
  'key-reused': 'a certificate for this key is known here',
};
