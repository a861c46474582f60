import { AuditError } from '../audit-error.ts';
import { EMPTY_ROOT, nodeHash } from './tree-hash.ts';

/** Throws AuditError `proof-wrong` unless the leaf is in the tree. @see RFC 9162 §2.1.3.2 */
export function verifyInclusion(proven: {
  leafHash: Buffer;
  leafIndex: number;
  size: number;
  root: Buffer;
  proof: readonly Buffer[];
}): void {
  const { leafIndex, size, root, proof } = proven;
  if (!(leafIndex >= 0 && leafIndex < size)) throw wrong(`leaf ${leafIndex} is not among ${size}`);
  let index = leafIndex;
  let last = size - 1;
  let hash = proven.leafHash;
  for (const sibling of proof) {
    if (last === 0) throw wrong('it is too long');
    if (index % 2 === 1 || index === last) {
      hash = nodeHash(sibling, hash);
      while (index % 2 === 0 && index !== 0) [index, last] = [index / 2, Math.floor(last / 2)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [index, last] = [Math.floor(index / 2), Math.floor(last / 2)];
  }
  if (last !== 0 || !hash.equals(root)) throw wrong('it leads to another root');
}

/** Throws AuditError `proof-wrong` unless the newer tree begins with the older one. @see RFC 9162 §2.1.4.2 */
export function verifyConsistency(proven: {
  oldSize: number;
  oldRoot: Buffer;
  size: number;
  root: Buffer;
  proof: readonly Buffer[];
}): void {
  const { oldSize, oldRoot, size, root, proof } = proven;
  if (oldSize > size) throw wrong(`${size} leaves do not begin with ${oldSize}`);
  if (oldSize === 0 || oldSize === size) {
    const expected = oldSize === 0 ? EMPTY_ROOT : root;
    if (proof.length > 0 || !oldRoot.equals(expected)) throw wrong('the roots differ');
    return;
  }
  const path = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : [...proof];
  let index = oldSize - 1;
  let last = size - 1;
  while (index % 2 === 1) [index, last] = [Math.floor(index / 2), Math.floor(last / 2)];
  const [first, ...rest] = path as [Buffer | undefined, ...Buffer[]];
  if (!first) throw wrong('it is empty');
  let oldHash = first;
  let hash = first;
  for (const sibling of rest) {
    if (last === 0) throw wrong('it is too long');
    if (index % 2 === 1 || index === last) {
      oldHash = nodeHash(sibling, oldHash);
      hash = nodeHash(sibling, hash);
      while (index % 2 === 0 && index !== 0) [index, last] = [index / 2, Math.floor(last / 2)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [index, last] = [Math.floor(index / 2), Math.floor(last / 2)];
  }
  if (last !== 0 || !hash.equals(root) || !oldHash.equals(oldRoot)) throw wrong('it leads to another root');
}

function isPowerOfTwo(size: number): boolean {
  return Number.isInteger(Math.log2(size));
}

function wrong(detail: string): AuditError {
  return new AuditError('proof-wrong', `the proof does not hold: ${detail}`);
}
