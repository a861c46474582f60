import type { Logger } from 'pino';

import { DomainError } from '../core/errors.ts';
import { measureSigner } from '../keys/signer-speed.ts';
import type { Signer } from '../keys/signer.ts';

/** A responder key and whom it answers for. */
export interface MeasuredResponder {
  authorityId: string;
  signer: Signer;
}

export interface ResponderSpeedOptions {
  /** Answers per second that each key has to be able to sign; absent: speeds are only logged. */
  ocspPeak?: number | undefined;
  /** Log a slow key and go on. */
  allowSlowKeys?: boolean | undefined;
  logger: Logger;
  /** Monotonic milliseconds. */
  elapsedMs?: () => number;
}

/** Long enough to be compared with a peak; without one, the start is not held up for a line in the log. */
const MEASURED_SECONDS = { compared: 0.5, logged: 0.05 };
/** Signatures under way at once: twice the sessions of a token, so that none of them waits for us. */
const CONCURRENCY = 8;

/**
 * Measures and logs how many answers per second each responder key signs. In the worst case, nonces in every request, each
 * answer is a signature; a key that could not hold the peak then is refused before anybody waits for it.
 * Resolves to the signatures per second of each. Throws DomainError `responder-too-slow` with all that are too slow, and what
 * the signers reject with.
 */
export async function checkResponderSpeed(
  responders: readonly MeasuredResponder[],
  options: ResponderSpeedOptions,
): Promise<number[]> {
  const { ocspPeak, allowSlowKeys, logger, elapsedMs } = options;
  const seconds = ocspPeak === undefined ? MEASURED_SECONDS.logged : MEASURED_SECONDS.compared;
  const slow: string[] = [];
  const speeds: number[] = [];
  for (const { authorityId, signer } of responders) {
    const speed = await measureSigner(signer, {
      seconds,
      concurrency: CONCURRENCY,
      ...(elapsedMs && { elapsedMs }),
    });
    const answersPerSecond = Math.floor(speed.signaturesPerSecond);
    speeds.push(speed.signaturesPerSecond);
    const { label: key, algorithm } = signer;
    logger.info({ authority: authorityId, key, algorithm, answersPerSecond }, 'OCSP responder key measured');
    if (ocspPeak === undefined || answersPerSecond >= ocspPeak) continue;
    slow.push(`${key} (${algorithm}) of ${authorityId} signs ${answersPerSecond} answers/s`);
    logger.error(
      { authority: authorityId, key, answersPerSecond, ocspPeak },
      'OCSP responder key is too slow',
    );
  }
  if (slow.length === 0 || allowSlowKeys) return speeds;
  throw new DomainError(
    'responder-too-slow',
    `${slow.join('; ')}; the configured peak (--ocsp-peak) needs ${ocspPeak}. --allow-slow-keys starts all the same.`,
  );
}
