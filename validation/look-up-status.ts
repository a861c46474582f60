import type { Clock } from '../core/clock.ts';
import { parseCertificate } from '../pki/certificate.ts';
import type { Certificate } from '../pki/certificate.ts';
import { statusAfter } from '../pki/certificate-status.ts';
import { statusSummary } from './certificate-summary.ts';
import { verifyLink } from './path/verify-link.ts';
import { WorkBudget } from './path/work-budget.ts';
import type { StatusSummary } from './report.ts';
import type { StatusHistory } from './status-history.ts';
import type { TrustStore } from './trust-store.ts';

/**
 * `not-issued`: it says to be of an authority of this deployment that never issued it, or not with these octets; `unknown-issuer`: no
 * authority here signed it. A certificate outside of its validity keeps the status that it had.
 */
export type LookedUpStatus =
  | (StatusSummary & { isWithinValidity: boolean })
  | { status: 'not-issued' | 'unknown-issuer'; isWithinValidity: boolean };

export interface StatusLookUp {
  trust: TrustStore;
  statusHistory: StatusHistory;
  clock: Clock;
}

/**
 * The plain question of a relying party: what is the status of this certificate now? Answered by the deployment's own history; a
 * forged certificate with a real serial number is told by its signature. `encoded` is DER. Throws PkiError `certificate-malformed` or `der-malformed`;
 * rejects when the history cannot be read.
 */
export async function lookUpStatus(
  encoded: Uint8Array,
  { trust, statusHistory, clock }: StatusLookUp,
): Promise<LookedUpStatus> {
  const certificate = parseCertificate(encoded);
  const now = clock.now().getTime();
  const isWithinValidity = certificate.notBefore.getTime() <= now && now <= certificate.notAfter.getTime();
  const authorityId = await authorityOf(certificate, trust, statusHistory);
  if (authorityId === undefined) return { status: 'unknown-issuer', isWithinValidity };
  const changes = await statusHistory.changesOf(authorityId, certificate.serialNumber);
  if (changes.length === 0) return { status: 'not-issued', isWithinValidity };
  return { ...statusSummary(statusAfter(changes) ?? { kind: 'good' }), isWithinValidity };
}

/** An authority of the deployment whose key signed the certificate; its name alone proves nothing. */
async function authorityOf(
  certificate: Certificate,
  trust: TrustStore,
  statusHistory: StatusHistory,
): Promise<string | undefined> {
  const budget = new WorkBudget();
  for (const issuer of trust.withSubject(certificate.issuer)) {
    if (verifyLink(certificate, issuer, budget) !== 'signed') continue;
    const authorityId = await statusHistory.authorityOf(issuer);
    if (authorityId !== undefined) return authorityId;
  }
  return undefined;
}
