import { unreachable } from '../../core/errors.ts';
import { completeCrlUri } from '../authority/distribution-points.ts';

/** Which CRL of an authority: all entries, those of one shard, or the changes since a complete CRL. */
export type CrlScope =
  | { authorityId: string; kind: 'complete' }
  | { authorityId: string; kind: 'shard'; shard: number }
  | { authorityId: string; kind: 'delta' };

/** The scope's name within its authority: `complete`, `shard:<n>` or `delta`. */
export function scopeName(scope: CrlScope): string {
  return scope.kind === 'shard' ? `shard:${scope.shard}` : scope.kind;
}

/** The scope's name within the deployment. */
export function scopeKey(scope: CrlScope): string {
  return `${scope.authorityId}/${scopeName(scope)}`;
}

/** The series of CRL numbers that a scope draws from: delta and complete CRLs share one (RFC 5280 §5.2.3). */
export function numberSeries(scope: CrlScope): string {
  return scope.kind === 'delta' ? 'complete' : scopeName(scope);
}

/** Where the CRL is served; for a shard, the very text of the leaf's CDP. `base` has no slash at the end. */
export function crlUri(base: string, scope: CrlScope): string {
  switch (scope.kind) {
    case 'complete':
      return completeCrlUri(base, scope.authorityId);
    case 'shard':
      return `${base}/crl/${scope.authorityId}/${scope.shard}.crl`;
    case 'delta':
      return `${base}/crl/${scope.authorityId}/delta.crl`;
    default:
      return unreachable(scope);
  }
}
