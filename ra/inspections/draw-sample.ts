import { createHash, createHmac } from 'node:crypto';

import type { ApplicationId } from '../application.ts';

/** A case that may be drawn: it led to a certificate in the period. */
export interface InspectableCase {
  applicationId: ApplicationId;
  /** At the moment of the draw. */
  wasRevoked: boolean;
}

/** Of a sample, how much are cases whose certificate was revoked, as long as there are that many (DOMAIN §4). */
const REVOKED_SHARE = 0.2;

/**
 * Draws a sample: each case has a rank, HMAC-SHA-256 of its id under the seed, and the lowest ranks are taken, first those of the
 * revoked share, then of all the others. Whoever has the seed draws the same again; whoever does not, cannot know what is drawn.
 */
export function drawSample(
  population: readonly InspectableCase[],
  seed: Buffer,
  size: number,
): InspectableCase[] {
  const ranked = population
    .map((one) => ({ one, rank: createHmac('sha256', seed).update(one.applicationId).digest() }))
    .sort((a, b) => Buffer.compare(a.rank, b.rank))
    .map(({ one }) => one);
  const forced = ranked.filter(({ wasRevoked }) => wasRevoked).slice(0, Math.ceil(size * REVOKED_SHARE));
  const others = ranked.filter((one) => !forced.includes(one)).slice(0, size - forced.length);
  return [...forced, ...others];
}

/** What was drawn from, so that a later draw can tell whether it draws from the same. */
export function populationSha256(population: readonly InspectableCase[]): Buffer {
  const hash = createHash('sha256');
  for (const { applicationId, wasRevoked } of population)
    hash.update(`${applicationId} ${wasRevoked ? 'revoked' : 'standing'}\n`);
  return hash.digest();
}
