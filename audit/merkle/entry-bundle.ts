import { AuditError } from '../audit-error.ts';

const LENGTH_OCTETS = 2;

/** Leaves one after the other, each behind its length. @see https://c2sp.org/tlog-tiles */
export function encodeEntryBundle(leaves: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    leaves.flatMap((leaf) => {
      const length = Buffer.alloc(LENGTH_OCTETS);
      length.writeUInt16BE(leaf.length);
      return [length, leaf];
    }),
  );
}

/** Throws AuditError `tile-malformed`. */
export function parseEntryBundle(bundle: Buffer): Buffer[] {
  const leaves: Buffer[] = [];
  for (let at = 0; at < bundle.length;) {
    const start = at + LENGTH_OCTETS;
    const end = start <= bundle.length ? start + bundle.readUInt16BE(at) : Infinity;
    if (end > bundle.length) throw new AuditError('tile-malformed', 'a bundle of entries ends in the middle');
    leaves.push(bundle.subarray(start, end));
    at = end;
  }
  return leaves;
}
