import { setImmediate } from 'node:timers/promises';

import { possessionChallenge } from './prove-possession.ts';
import type { Signer } from './signer.ts';

export interface SignerSpeed {
  signaturesPerSecond: number;
  signatures: number;
  seconds: number;
}

/** File signers never leave the event loop by themselves; timers and sockets get their turn this often. */
const YIELD_EVERY_MS = 10;

/**
 * Measures how many signatures per second a signer makes with `concurrency` of them under way, over at least `seconds`.
 * It signs challenges that mean nothing. Rejects with the signer's first failure.
 */
export async function measureSigner(
  signer: Signer,
  options: {
    seconds: number;
    concurrency: number;
    /** Monotonic milliseconds. */
    elapsedMs?: () => number;
  },
): Promise<SignerSpeed> {
  const elapsedMs = options.elapsedMs ?? (() => performance.now());
  const challenge = possessionChallenge();
  const startMs = elapsedMs();
  const endMs = startMs + options.seconds * 1000;
  let signatures = 0;
  let yieldMs = startMs + YIELD_EVERY_MS;
  const signUntilEnd = async (): Promise<void> => {
    do {
      await signer.sign(challenge);
      signatures += 1;
      if (elapsedMs() < yieldMs) continue;
      yieldMs = elapsedMs() + YIELD_EVERY_MS;
      await setImmediate();
    } while (elapsedMs() < endMs);
  };
  await Promise.all(Array.from({ length: options.concurrency }, signUntilEnd));
  const seconds = (elapsedMs() - startMs) / 1000;
  return { signaturesPerSecond: signatures / seconds, signatures, seconds };
}
