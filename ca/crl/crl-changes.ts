import { applyStatusChange } from '../../pki/certificate-status.ts';
import type { StatusChange } from '../../pki/certificate-status.ts';
import type { RevokedCertificate } from '../../pki/crl-entry.ts';

/** Changes that are read at once: a batch takes a millisecond or two. */
export const CHANGES_AT_ONCE = 1000;

/** The last change of each certificate, by its serial number in hexadecimal. */
export type LastChanges = Map<string, StatusChange>;

/** Adds further changes of an authority, in their order; those that were only issued concern no CRL. */
export function addLastChanges(
  last: LastChanges,
  changes: Iterable<StatusChange>,
  authorityId: string,
): LastChanges {
  for (const change of changes) {
    if (change.authorityId !== authorityId || change.event === 'issued') continue;
    last.set(change.serialNumber.toString('hex'), change);
  }
  return last;
}

/** The entry of a certificate that is revoked or held; undefined for a released one. */
export function entryOfChange(change: StatusChange): RevokedCertificate | undefined {
  const status = applyStatusChange(change);
  if (status.kind === 'good') return undefined;
  const { revokedAt, reason, invalidityDate } = status;
  return { serialNumber: change.serialNumber, revokedAt, reason, ...(invalidityDate && { invalidityDate }) };
}
