import { AuditError } from '../audit-error.ts';
import { rememberingTiles } from './hash-source.ts';
import type { HashSource } from './hash-source.ts';
import { rangeHash, splitOf } from './tree-hash.ts';

/** That a leaf is in the tree of a size. @see RFC 6962 §2.1.1 */
export async function inclusionProof(source: HashSource, leafIndex: number, size: number): Promise<Buffer[]> {
  if (!(leafIndex >= 0 && leafIndex < size))
    throw new AuditError('tree-size', `leaf ${leafIndex} is not among ${size}`);
  const tiles = rememberingTiles(source, size);
  const path = async (start: number, end: number): Promise<Buffer[]> => {
    if (end - start === 1) return [];
    const middle = start + splitOf(end - start);
    return leafIndex < middle
      ? [...(await path(start, middle)), await rangeHash(tiles, middle, end)]
      : [...(await path(middle, end)), await rangeHash(tiles, start, middle)];
  };
  return path(0, size);
}

/** That the tree of a size begins with the tree of an older size. @see RFC 6962 §2.1.2 */
export async function consistencyProof(source: HashSource, oldSize: number, size: number): Promise<Buffer[]> {
  if (!(oldSize >= 0 && oldSize <= size))
    throw new AuditError('tree-size', `a tree of ${size} does not begin with one of ${oldSize}`);
  if (oldSize === 0 || oldSize === size) return [];
  const tiles = rememberingTiles(source, size);
  const subproof = async (start: number, end: number, isWhole: boolean): Promise<Buffer[]> => {
    if (oldSize === end) return isWhole ? [] : [await rangeHash(tiles, start, end)];
    const middle = start + splitOf(end - start);
    return oldSize <= middle
      ? [...(await subproof(start, middle, isWhole)), await rangeHash(tiles, middle, end)]
      : [...(await subproof(middle, end, false)), await rangeHash(tiles, start, middle)];
  };
  return subproof(0, size, true);
}
