import { digest } from '../../pki/digest-algorithm.ts';

/**
 * Since when things are proven to exist (ETSI EN 319 102-1 §5.6.2.3), by their octets; whatever is handed in exists now.
 */
export class ProofSet {
  readonly now: Date;
  readonly #earliest = new Map<string, Date>();

  constructor(now: Date) {
    this.now = now;
  }

  add(bytes: Uint8Array, at: Date): void {
    const key = keyOf(bytes);
    const known = this.#earliest.get(key) ?? this.now;
    if (at.getTime() < known.getTime()) this.#earliest.set(key, at);
  }

  /** What is proven to be older than now, by SHA-256. */
  *entries(): Generator<{ sha256: Buffer; at: Date }> {
    for (const [key, at] of this.#earliest) yield { sha256: Buffer.from(key, 'latin1'), at };
  }

  earliest(bytes: Uint8Array): Date {
    // Most signatures have no archive time stamp: then nothing is hashed.
    return this.#earliest.size === 0 ? this.now : (this.#earliest.get(keyOf(bytes)) ?? this.now);
  }
}

function keyOf(bytes: Uint8Array): string {
  return digest('sha256', bytes).toString('latin1');
}
