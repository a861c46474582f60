import { createHash } from 'node:crypto';

/** SHA-256: `v` octets of a block, `u` octets of a digest (RFC 7292 Appendix B.2). */
const BLOCK_OCTETS = 64;
/** ID of a key for integrity (RFC 7292 Appendix B.3). */
const INTEGRITY = 3;

/**
 * Derives the key of the MAC with SHA-256 (RFC 7292 Appendix B.2). It is as long as the digest, so that the loop over further
 * blocks (step 6 B and C) never runs.
 */
export function deriveMacKey(options: {
  password: Uint8Array;
  salt: Uint8Array;
  iterations: number;
}): Buffer {
  const diversifier = Buffer.alloc(BLOCK_OCTETS, INTEGRITY);
  const first = [diversifier, filledUp(options.salt), filledUp(options.password)];
  let digest = createHash('sha256').update(Buffer.concat(first)).digest();
  for (let round = 1; round < options.iterations; round += 1)
    digest = createHash('sha256').update(digest).digest();
  return digest;
}

/** Repeated until it fills whole blocks (steps 2 and 3). */
function filledUp(octets: Uint8Array): Buffer {
  return Buffer.alloc(BLOCK_OCTETS * Math.ceil(octets.length / BLOCK_OCTETS), octets);
}
