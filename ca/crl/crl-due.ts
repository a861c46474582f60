import type { CrlAuthority, CrlPolicy } from './crl-house.ts';
import type { CrlScope } from './crl-scope.ts';
import type { CrlBase, CrlHead } from './crl-store.ts';

/** A CRL that is issued by itself; a delta comes with its complete CRL. */
export type IssuedScope = Exclude<CrlScope, { kind: 'delta' }>;

/** Which CRLs an authority publishes. */
export function issuedScopes({ authority, complete, shards }: CrlAuthority): IssuedScope[] {
  const scopes: IssuedScope[] = complete ? [{ authorityId: authority.id, kind: 'complete' }] : [];
  if (!shards) return scopes;
  for (let shard = 0; shard < authority.crlShards; shard += 1) {
    scopes.push({ authorityId: authority.id, kind: 'shard', shard });
  }
  return scopes;
}

/** Whether a CRL is to be issued now: there is none, its time has come, or it has lacked a change for long enough. */
export function isDue(
  now: Date,
  policy: CrlPolicy,
  head: Pick<CrlHead, 'thisUpdate'> | undefined,
  staleSince: Date | undefined,
): boolean {
  if (!head || secondsBetween(head.thisUpdate, now) >= policy.intervalSeconds) return true;
  return staleSince !== undefined && secondsBetween(staleSince, now) >= policy.batchSeconds;
}

/**
 * The complete CRLs that a delta may build on, once `issued` is one of them. A new base is kept at each interval, and the
 * first one leaves when every complete CRL older than the second has expired: so the delta serves whoever holds a complete
 * CRL that is still valid (RFC 5280 §5.2.4).
 */
export function basesAfter(
  bases: readonly CrlBase[],
  issued: CrlBase,
  policy: Pick<CrlPolicy, 'intervalSeconds' | 'lifetimeSeconds'>,
): CrlBase[] {
  const newest = bases.at(-1);
  const isBase = !newest || secondsBetween(newest.thisUpdate, issued.thisUpdate) >= policy.intervalSeconds;
  const kept = isBase ? [...bases, baseOf(issued)] : [...bases];
  while (kept.length > 1 && secondsBetween(kept[1].thisUpdate, issued.thisUpdate) >= policy.lifetimeSeconds) {
    kept.shift();
  }
  return kept;
}

/** What is remembered of a CRL as a base. */
export function baseOf({ crlNumber, lastChangeNumber, thisUpdate }: CrlBase): CrlBase {
  return { crlNumber, lastChangeNumber, thisUpdate };
}

function secondsBetween(earlier: Date, later: Date): number {
  return (later.getTime() - earlier.getTime()) / 1000;
}
