import { digest } from '../pki/digest-algorithm.ts';
import type { OcspRequest } from '../pki/ocsp-request.ts';
import type { AnswerSigner } from './answer-signer.ts';
import type { AnswerTimes } from './build-response-data.ts';
import type { AnsweringAuthority } from './hosted-authority.ts';
import type { Cacheable, OcspAnswer } from './ocsp-answer.ts';
import type { PreparedAnswer } from './prepared-answers.ts';
import type { ResponderKey } from './responder-key.ts';

/** The times that an answer given now would have. */
export interface Moment extends AnswerTimes {
  now: Date;
}

/** An answer leaves with so much of its validity left: time to travel, and to be looked at by a clock that is ahead. */
export const REMAINING_SECONDS_MIN = 60;

/**
 * Answers a request for one certificate without a nonce (RFC 5019 §2.1.1): the answer is the same for everybody, so it is
 * signed once and kept. Undefined when the status changed while it was signed.
 */
export async function plainAnswer(
  request: OcspRequest,
  authority: AnsweringAuthority,
  key: ResponderKey,
  moment: Moment,
  signer: AnswerSigner,
): Promise<OcspAnswer | undefined> {
  const certId = request.requests[0].certId.bytes.toString('latin1');
  const kept = key.prepared.get(certId);
  // No await stands between this check and the answer: a change that is applied after it is applied after the answer.
  if (kept && stands(kept, authority, moment)) return withMaxAge(kept.answer, moment.now);
  const answer = await key.prepared.prepareOnce(certId, () =>
    prepare(certId, request, authority, key, moment, signer),
  );
  return answer && withMaxAge(answer, moment.now);
}

/** A kept answer stands while it tells of the last change, and until for half of its validity there could be a younger one. */
function stands(
  { answer, place, changeNumber }: PreparedAnswer,
  authority: AnsweringAuthority,
  moment: Moment,
): boolean {
  if (authority.index.changeNumberAt(place) !== changeNumber) return false;
  const { thisUpdate, nextUpdate } = answer.cacheable;
  if (secondsBetween(moment.now, nextUpdate) < REMAINING_SECONDS_MIN) return false;
  const isYoungest = thisUpdate.getTime() === moment.thisUpdate.getTime();
  return isYoungest || secondsBetween(thisUpdate, moment.now) <= secondsBetween(moment.now, nextUpdate);
}

async function prepare(
  certId: string,
  request: OcspRequest,
  authority: AnsweringAuthority,
  key: ResponderKey,
  moment: Moment,
  signer: AnswerSigner,
): Promise<OcspAnswer | undefined> {
  const signed = await signer.sign(request, authority, key, moment);
  if (!signed) return undefined;
  const { body, thisUpdate, nextUpdate, producedAt } = signed;
  const [place] = signed.places;
  const [changeNumber] = signed.changeNumbers;
  // A serial number that was not issued yet may be at any moment, and anybody can make up another one.
  if (place < 0) return { status: 'successful', body };
  const etag = digest('sha1', body).toString('hex');
  const cacheable = {
    thisUpdate,
    nextUpdate,
    producedAt,
    etag,
    maxAgeSeconds: 0,
    comparableByDate: signed.isGood,
  };
  const answer = { status: 'successful' as const, body, cacheable };
  // Doctors sign with certificates that are valid: those that have expired must not take their place.
  if (authority.index.notAfterAt(place) > moment.now)
    key.prepared.put(certId, { answer, place, changeNumber });
  return answer;
}

function withMaxAge(answer: OcspAnswer, now: Date): OcspAnswer {
  const { cacheable } = answer;
  return cacheable ? { ...answer, cacheable: agedTo(now, cacheable) } : answer;
}

function agedTo(now: Date, cacheable: Cacheable): Cacheable {
  return { ...cacheable, maxAgeSeconds: Math.max(0, secondsBetween(now, cacheable.nextUpdate)) };
}

/** Whole seconds, rounded down. */
export function secondsBetween(from: Date, to: Date): number {
  return Math.floor((to.getTime() - from.getTime()) / 1000);
}
