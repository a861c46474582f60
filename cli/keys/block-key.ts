import type { AuditActor } from '../../audit/audit-event.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import type { AuthorityStore } from '../../ca/authority/authority-store.ts';
import { wholeSeconds } from '../../core/clock.ts';
import type { Clock } from '../../core/clock.ts';
import type { TransactionRunner } from '../../core/transaction.ts';
import type { CertifiedKey, KeyBlocklist } from '../../keys/blocked-keys.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { digest } from '../../pki/digest-algorithm.ts';

export interface BlockingHouse {
  blockedKeys: KeyBlocklist;
  authorities: AuthorityStore;
  audit: AuditLog;
  transactions: TransactionRunner;
  clock: Clock;
}

export interface BlockedKeyReport {
  spkiSha256: string;
  /** False: it was blocked before, and the reason given then stands. */
  isNew: boolean;
  /** Blocking issues nothing more and revokes nothing: these are for the operator to revoke. */
  certificates: CertifiedKey[];
  /** Authorities whose own key it is. */
  authorities: string[];
}

/** Blocks a key for good, with the audit event in the same transaction, and finds what was issued for it. */
export async function blockKey(
  house: BlockingHouse,
  { spkiSha256, reason }: { spkiSha256: Buffer; reason: string },
  actor: AuditActor,
): Promise<BlockedKeyReport> {
  const now = house.clock.now();
  const hex = spkiSha256.toString('hex');
  return house.transactions.transaction(async (tx) => {
    const key = { spkiSha256, reason, blockedAt: wholeSeconds(now) };
    const isNew = await house.blockedKeys.block(tx, key);
    const certificates = await house.blockedKeys.certifiedWith(tx, spkiSha256);
    const records = await house.authorities.listAuthorities(tx);
    const authorities = records
      .filter(({ certificate }) => isFor(certificate, spkiSha256))
      .map(({ id }) => id);
    if (isNew) {
      await house.audit.record(tx, {
        at: now,
        actor,
        action: 'block-key',
        outcome: 'accepted',
        subject: `key:${hex}`,
        details: { reason, certificates: certificates.length },
      });
    }
    return { spkiSha256: hex, isNew, certificates, authorities };
  });
}

function isFor(certificate: Buffer, spkiSha256: Buffer): boolean {
  return digest('sha256', parseCertificate(certificate).subjectPublicKeyInfo).equals(spkiSha256);
}
