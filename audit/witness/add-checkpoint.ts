import { AuditError } from '../audit-error.ts';
import { HASH_OCTETS } from '../merkle/hash-source.ts';

/** What a log asks a witness. @see https://c2sp.org/tlog-witness */
export interface AddCheckpoint {
  /** Size of the checkpoint that the witness is thought to know. */
  oldSize: number;
  /** From there to the new one. */
  proof: readonly Buffer[];
  /** The new checkpoint, signed. */
  note: string;
}

/** The specification's own bound on proofs. */
const PROOF_HASHES_MAX = 63;

export function encodeAddCheckpoint({ oldSize, proof, note }: AddCheckpoint): string {
  return `old ${oldSize}\n${proof.map((hash) => `${hash.toString('base64')}\n`).join('')}\n${note}`;
}

/** Throws AuditError `note-malformed`. */
export function parseAddCheckpoint(body: string): AddCheckpoint {
  const end = body.indexOf('\n\n');
  const [first = '', ...lines] = end < 0 ? [] : body.slice(0, end).split('\n');
  const match = /^old (0|[1-9]\d{0,15})$/.exec(first);
  const proof = lines.map((line) => Buffer.from(line, 'base64'));
  const isProof =
    lines.length <= PROOF_HASHES_MAX &&
    proof.every((hash, at) => hash.length === HASH_OCTETS && hash.toString('base64') === lines[at]);
  if (!match || !isProof)
    throw new AuditError('note-malformed', 'the request is no old size, proof and checkpoint');
  return { oldSize: Number(match[1]), proof, note: body.slice(end + 2) };
}
