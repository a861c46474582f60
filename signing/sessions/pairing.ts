import { randomBytes } from 'node:crypto';

import { digest } from '../../pki/digest-algorithm.ts';

/** A session for whoever scans its code first. */
export interface Pairing {
  /** Absent: nobody has yet, and nobody is shown the session. */
  claimedAt?: Date;
  refusedClaims: number;
}

const SECRET_OCTETS = 32;

/** What stands in the code; the service keeps its hash alone. */
export function newPairingSecret(): { secret: string; sha256: Buffer } {
  const secret = randomBytes(SECRET_OCTETS).toString('base64url');
  return { secret, sha256: pairingHash(secret) };
}

export function pairingHash(secret: string): Buffer {
  return digest('sha256', Buffer.from(secret));
}
