import { encodeCrlEntry } from '../../pki/crl-entry.ts';
import { CHANGES_AT_ONCE, addLastChanges, entryOfChange } from './crl-changes.ts';
import type { LastChanges } from './crl-changes.ts';
import type { CrlStatusSource } from './crl-status-source.ts';

/**
 * Encoded entries of a delta CRL: the last state of each certificate that changed after `base` and up to `until`. Released
 * holds are listed with removeFromCRL, whether or not the base had them: an earlier delta may have (RFC 5280 §5.2.4).
 */
export async function deltaEntries(
  source: CrlStatusSource,
  authorityId: string,
  { base, until }: { base: number; until: number },
): Promise<Buffer[]> {
  const last: LastChanges = new Map();
  for (let position = base; position < until;) {
    const changes = await source.changesAfter(position, CHANGES_AT_ONCE);
    if (changes.length === 0) break;
    position = changes[changes.length - 1].changeNumber;
    addLastChanges(
      last,
      changes.filter(({ changeNumber }) => changeNumber <= until),
      authorityId,
    );
  }
  return Array.from(last.values(), (change) => {
    const removed = {
      serialNumber: change.serialNumber,
      revokedAt: change.effectiveAt,
      reason: 'removeFromCRL',
    } as const;
    return encodeCrlEntry(entryOfChange(change) ?? removed);
  });
}
