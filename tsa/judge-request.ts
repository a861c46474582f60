import { digestOid } from '../pki/digest-algorithm.ts';
import { NULL } from '../pki/der/encode.ts';
import { PkiError } from '../pki/pki-error.ts';
import { parseTimeStampRequest } from '../pki/tsp/time-stamp-request.ts';
import type { TimeStampRequest } from '../pki/tsp/time-stamp-request.ts';
import { TsaError } from './tsa-error.ts';

/** Hashes that are stamped; SHA-1 and older ones are not (ETSI TS 119 312). */
const STAMPED_DIGESTS: ReadonlySet<string> = new Set([
  digestOid('sha256'),
  digestOid('sha384'),
  digestOid('sha512'),
]);

/**
 * Reads a request and judges it in the order of its fields (RFC 3161 §2.4.1, §2.4.2); throws TsaError with the code of the
 * failure. `policy` is the one that this authority stamps under.
 */
export function judgeRequest(bytes: Uint8Array, policy: string): TimeStampRequest {
  const request = read(bytes);
  const { version, digestOid: algorithm, digestParameters, extensions } = request;
  if (version !== 1) throw new TsaError('time-stamp-request', `version ${version}, expected 1`);
  if (!STAMPED_DIGESTS.has(algorithm)) {
    throw new TsaError('time-stamp-algorithm', `digest ${algorithm}, expected SHA-256, SHA-384 or SHA-512`);
  }
  if (digestParameters && !NULL.equals(digestParameters))
    throw new TsaError('time-stamp-algorithm', 'the digest has parameters');
  if (request.policy !== undefined && request.policy !== policy)
    throw new TsaError('time-stamp-policy', `policy ${request.policy}, expected ${policy} or none`);
  // Critical or not: what is asked for and not understood is not stamped (§2.4.1).
  const [extension] = extensions.keys();
  if (extension !== undefined) throw new TsaError('time-stamp-extension', `extension ${extension}`);
  return request;
}

function read(bytes: Uint8Array): TimeStampRequest {
  try {
    return parseTimeStampRequest(bytes);
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    throw new TsaError('time-stamp-format', cause.detail, { cause });
  }
}
