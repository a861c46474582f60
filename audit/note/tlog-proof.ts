import { AuditError } from '../audit-error.ts';
import { HASH_OCTETS } from '../merkle/hash-source.ts';

/** That a leaf is in a log, in a form that stands for itself: with the leaf (`extra`) and the signed checkpoint. @see https://c2sp.org/tlog-proof */
export interface TlogProof {
  leaf: Buffer;
  leafIndex: number;
  hashes: readonly Buffer[];
  /** With all signatures that are had. */
  checkpoint: string;
}

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';
/** A tree of more leaves cannot be. */
const HASHES_MAX = 64;

export function encodeTlogProof({ leaf, leafIndex, hashes, checkpoint }: TlogProof): string {
  const lines = [
    FIRST_LINE,
    `extra ${leaf.toString('base64')}`,
    `index ${leafIndex}`,
    ...hashes.map((hash) => hash.toString('base64')),
  ];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

export function isTlogProof(octets: Buffer): boolean {
  return octets.subarray(0, FIRST_LINE.length).toString('latin1') === FIRST_LINE;
}

/** Throws AuditError `note-malformed`. */
export function parseTlogProof(text: string): TlogProof {
  const end = text.indexOf('\n\n');
  const [first, extra, index, ...lines] = text.slice(0, Math.max(end, 0)).split('\n') as (
    string | undefined
  )[];
  const leaf = /^extra ([A-Za-z0-9+/]+={0,2})$/.exec(extra ?? '')?.[1];
  const leafIndex = /^index (0|[1-9]\d{0,15})$/.exec(index ?? '')?.[1];
  const hashes = lines.map((line) => Buffer.from(line ?? '', 'base64'));
  const isRight = hashes.length <= HASHES_MAX && hashes.every(({ length }) => length === HASH_OCTETS);
  if (first !== FIRST_LINE || leaf === undefined || leafIndex === undefined || !isRight)
    throw new AuditError('note-malformed', 'this is no proof of a leaf');
  return {
    leaf: Buffer.from(leaf, 'base64'),
    leafIndex: Number(leafIndex),
    hashes,
    checkpoint: text.slice(end + 2),
  };
}
