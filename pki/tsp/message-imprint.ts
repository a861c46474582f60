import * as asn1 from '../der/encode.ts';
import type { Cursor } from '../der/decode.ts';
import { TAG } from '../der/tag.ts';
import { octetsOf, oidOf } from '../der/values.ts';
import { DIGEST_OCTETS, digestOfOid } from '../digest-algorithm.ts';
import { PkiError } from '../pki-error.ts';

/** MessageImprint (RFC 3161 §2.4.1): the hash that is stamped. Its algorithm may be one that we do not know. */
export interface MessageImprint {
  digestOid: string;
  /** Parameters of the AlgorithmIdentifier as they stand; absent and NULL mean the same, and a token repeats what was asked. */
  digestParameters?: Buffer;
  hash: Buffer;
}

/** SHA-512 has 64 octets; nothing that is called a hash has more than twice of it. */
const HASH_OCTETS_MAX = 128;

/** No digest in use has parameters beside NULL. */
const PARAMETERS_OCTETS_MAX = 64;

/** Reads the imprint at the cursor; throws PkiError `der-malformed` or `time-stamp-malformed`. */
export function readMessageImprint(fields: Cursor): MessageImprint {
  const imprint = fields.into(TAG.sequence);
  const algorithm = imprint.into(TAG.sequence);
  const digestOid = oidOf(algorithm.read(TAG.oid));
  const digestParameters = algorithm.atEnd ? undefined : algorithm.next().bytes;
  algorithm.end();
  const hash = octetsOf(imprint.next());
  imprint.end();
  assertSizes(hash, digestParameters);
  assertLength(digestOid, hash);
  return { digestOid, ...(digestParameters && { digestParameters }), hash };
}

export function encodeMessageImprint({ digestOid, digestParameters, hash }: MessageImprint): Buffer {
  const parameters = digestParameters ? [digestParameters] : [];
  return asn1.sequence(asn1.sequence(asn1.oid(digestOid), ...parameters), asn1.octetString(hash));
}

function assertSizes(hash: Buffer, parameters: Buffer | undefined): void {
  if (hash.length > HASH_OCTETS_MAX)
    throw malformed(`hash of ${hash.length} octets, at most ${HASH_OCTETS_MAX}`);
  if (parameters && parameters.length > PARAMETERS_OCTETS_MAX)
    throw malformed(`digest parameters of ${parameters.length} octets`);
}

/** RFC 3161 §2.4.1: the hash is as long as its algorithm makes it; of algorithms we do not know nobody here can tell. */
function assertLength(digestOid: string, hash: Buffer): void {
  let octets: number;
  try {
    octets = DIGEST_OCTETS[digestOfOid(digestOid)];
  } catch (cause) {
    if (cause instanceof PkiError) return;
    throw cause;
  }
  if (hash.length !== octets) throw malformed(`hash of ${hash.length} octets, ${digestOid} makes ${octets}`);
}

function malformed(detail: string): PkiError {
  return new PkiError('time-stamp-malformed', detail);
}
