import type { Certificate } from '../../pki/certificate.ts';
import type { CertificateList } from '../../pki/crl.ts';
import { nameText } from '../../pki/name.ts';
import { crlSignerFault } from './crl-signer.ts';
import { entryOf, hasUnknownCritical } from './crl-entries.ts';
import { ALL_REASONS, haveSameScope, pointsOf, reasonsCovered } from './crl-scope.ts';
import type { RevocationFacts, StatusFinding } from './status-finding.ts';
import type { StatusInquiry } from './status-inquiry.ts';

/**
 * RFC 5280 §6.3.3: asks the CRLs of each distribution point until every reason is covered or the certificate is found
 * revoked; with reasons left over, the status is unknown.
 */
export function statusFromCrls(
  certificate: Certificate,
  issuer: Certificate,
  inquiry: StatusInquiry,
): StatusFinding {
  let covered = 0;
  let oldest: Lists | undefined;
  let later: RevocationFacts | undefined;
  const notes: string[] = [];
  for (const point of pointsOf(certificate)) {
    for (const crl of point.issuers.flatMap((name) => inquiry.evidence.completeCrlsOf(name))) {
      const reasons = reasonsCovered(crl, point, certificate, inquiry.budget);
      // (e): a CRL that adds no reason is not asked; an older one of the same scope adds none.
      if ((reasons & ~covered) === 0) continue;
      const lists = usableLists(crl, certificate, issuer, inquiry);
      if (typeof lists === 'string') {
        notes.push(lists);
        continue;
      }
      const entry = revocationIn(lists, certificate, inquiry);
      if (entry && entry.revokedAt.getTime() <= inquiry.at.getTime())
        return { kind: 'revoked', source: 'crl', thisUpdate: updateOf(lists), ...entry };
      later ??= entry;
      if (mayHaveForgotten(lists, certificate)) {
        notes.push(`${describe(crl)} may have left the certificate out, which had expired`);
        continue;
      }
      const doubt = inquiry.doubt?.(lists.complete) ?? (lists.delta && inquiry.doubt?.(lists.delta));
      if (doubt !== undefined) {
        notes.push(`${describe(crl)}: ${doubt}`);
        continue;
      }
      covered |= reasons;
      if (!oldest || updateOf(lists).getTime() < updateOf(oldest).getTime()) oldest = lists;
      if (covered === ALL_REASONS) return { ...goodBy(oldest), ...(later && { revokedLater: later }) };
    }
  }
  if (covered !== 0) notes.push('the CRLs do not cover all reasons of revocation');
  return { kind: 'unknown', notes };
}

interface Lists {
  complete: CertificateList;
  delta?: CertificateList;
}

/** The CRL with its newest delta, each current, understood and signed; or why the CRL is of no use. */
function usableLists(
  complete: CertificateList,
  certificate: Certificate,
  issuer: Certificate,
  inquiry: StatusInquiry,
): Lists | string {
  if (hasUnknownCritical(complete)) return `${describe(complete)} has a critical extension that is not known`;
  const deltas = inquiry.evidence.deltaCrlsOf(complete.issuer);
  inquiry.budget.spend('candidates', deltas.length);
  const delta = deltas
    .filter((candidate) => buildsOn(candidate, complete) && isCurrent(candidate, inquiry.at))
    .filter((candidate) => !hasUnknownCritical(candidate))
    .find((candidate) => crlSignerFault(candidate, certificate, issuer, inquiry) === undefined);
  // (a): with a delta that is current, the complete CRL may be older.
  if (!delta && !isCurrent(complete, inquiry.at)) {
    const until = complete.nextUpdate?.toISOString() ?? 'no time';
    return `${describe(complete)} was to be used until ${until}`;
  }
  const fault = crlSignerFault(complete, certificate, issuer, inquiry);
  if (fault !== undefined) return `${describe(complete)}: ${fault}`;
  return { complete, ...(delta && { delta }) };
}

/** A CRL without nextUpdate never says until when it is right (§5.1.2.5). */
function isCurrent({ nextUpdate }: CertificateList, at: Date): boolean {
  return nextUpdate !== undefined && at.getTime() <= nextUpdate.getTime();
}

/** (c), and §5.2.4: of the same scope and key, on this complete CRL or an earlier one, and newer than it. */
function buildsOn(delta: CertificateList, complete: CertificateList): boolean {
  const { crlNumber, baseCrlNumber } = delta;
  if (crlNumber === undefined || baseCrlNumber === undefined || complete.crlNumber === undefined)
    return false;
  if (complete.crlNumber < baseCrlNumber || crlNumber < complete.crlNumber) return false;
  const [own, other] = [delta.authorityKeyIdentifier, complete.authorityKeyIdentifier];
  return haveSameScope(delta, complete) && (own && other ? own.equals(other) : own === other);
}

function goodBy(lists: Lists): Extract<StatusFinding, { kind: 'good' }> {
  const { nextUpdate } = lists.delta ?? lists.complete;
  return {
    kind: 'good',
    source: 'crl',
    thisUpdate: updateOf(lists),
    ...(nextUpdate && { until: nextUpdate }),
  };
}

function updateOf({ complete, delta }: Lists): Date {
  return (delta ?? complete).thisUpdate;
}

/** (i) to (k): the delta knows better. What is revoked later than the moment that is asked for was good then. */
function revocationIn(
  { complete, delta }: Lists,
  certificate: Certificate,
  { budget }: StatusInquiry,
): RevocationFacts | undefined {
  const entry = (delta && entryOf(delta, certificate, budget)) ?? entryOf(complete, certificate, budget);
  if (!entry || entry.reason === 'removeFromCRL') return undefined;
  const { revokedAt, reason, invalidityDate } = entry;
  return { revokedAt, reason, ...(invalidityDate && { invalidityDate }) };
}

/** §3.3: entries may go once a certificate has expired, unless the CRL promises to keep them (X.509 §9.5.2.8). */
function mayHaveForgotten({ complete, delta }: Lists, { notAfter }: Certificate): boolean {
  return [complete, ...(delta ? [delta] : [])].some(
    ({ thisUpdate, expiredCertsOnCrl }) =>
      notAfter.getTime() < thisUpdate.getTime() &&
      !(expiredCertsOnCrl && expiredCertsOnCrl.getTime() <= notAfter.getTime()),
  );
}

function describe({ issuer, thisUpdate }: CertificateList): string {
  return `the CRL of ${nameText(issuer)} of ${thisUpdate.toISOString()}`;
}
