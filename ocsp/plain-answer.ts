import type { Clock } from '../core/clock.ts';
import { digest } from '../pki/digest-algorithm.ts';
import type { OcspRequest } from '../pki/ocsp-request.ts';
import type { AnswerSigner, SignedAnswer } from './answer-signer.ts';
import type { AnswerTimes } from './build-response-data.ts';
import type { AnsweringAuthority } from './hosted-authority.ts';
import type { HotAnswer } from './hot-set.ts';
import type { OcspAnswer } from './ocsp-answer.ts';
import type { PreparedAnswer } from './prepared-answers.ts';
import type { ResponderKey } from './responder-key.ts';
import { selectionHoldsUntil } from './responder-selection.ts';
import type { StatusView } from './status-view.ts';

/** The times that an answer given now would have. */
export interface Moment extends AnswerTimes {
  now: Date;
}

/** What a plain request is answered with. */
export interface PlainAnswerInputs {
  request: OcspRequest;
  authority: AnsweringAuthority;
  key: ResponderKey;
  moment: Moment;
  signer: AnswerSigner;
  clock: Clock;
  status: Pick<StatusView, 'confirmedAt'>;
  /** Told what fails while nobody waits for it. */
  onFault: (error: unknown) => void;
  /** Told of each certificate whose answer somebody had to wait for. */
  onAsked?: (hot: HotAnswer) => void;
}

/** An answer leaves with so much of its validity left: time to travel, and to be looked at by a clock that is ahead. */
export const REMAINING_SECONDS_MIN = 60;

/** A responder that has not looked at its source for so long (it does four times a second) decides each answer anew. */
const CONFIRMED_MILLISECONDS_MAX = 2_000;

/**
 * Answers a request for one certificate without a nonce (RFC 5019 §2.1.1): the answer is the same for everybody, so it is
 * signed once and kept. At once when it is kept or the key is of this process. Undefined when the status changed while it
 * was signed; throws OcspError `overloaded`.
 */
export function plainAnswer(
  inputs: PlainAnswerInputs,
): OcspAnswer | undefined | Promise<OcspAnswer | undefined> {
  const { request, authority, key, moment, signer } = inputs;
  const certId = request.requests[0].certId.bytes.toString('latin1');
  const kept = key.prepared.get(certId);
  // No await stands between this check and the answer: a change that is applied after it is applied after the answer.
  if (kept && stands(kept, authority, moment)) return given(kept, inputs);
  const shared = key.prepared.inPreparation(certId);
  if (kept && isStillTrue(kept, authority, moment) && (shared || !signer.hasRoom || !key.signer.signNow)) {
    // A key that is elsewhere may be slow or away: nobody waits for it who can have an answer that is true and valid.
    if (!shared && signer.hasRoom) Promise.resolve(renew(inputs, certId)).catch(inputs.onFault);
    return given(kept, inputs);
  }
  if (shared) return shared;
  signer.assertRoom();
  return renew(inputs, certId);
}

/** Signs a younger answer and keeps it; whether there is room for one more signature is for the caller to ask. */
export function renew(
  inputs: PlainAnswerInputs,
  certId: string,
): OcspAnswer | undefined | Promise<OcspAnswer | undefined> {
  const { request, authority, key, moment, signer } = inputs;
  const signed = signer.sign(request, authority, key, moment);
  if (!(signed instanceof Promise)) return signed && keep(certId, signed, inputs);
  return key.prepared.share(
    certId,
    signed.then((answer) => answer && keep(certId, answer, inputs)),
  );
}

/** A kept answer stands while it tells of the last change, and until for half of its validity there could be a younger one. */
function stands(kept: PreparedAnswer, authority: AnsweringAuthority, moment: Moment): boolean {
  if (!isStillTrue(kept, authority, moment)) return false;
  const { thisUpdate, nextUpdate } = kept.answer.cacheable;
  const isYoungest = thisUpdate.getTime() === moment.thisUpdate.getTime();
  return isYoungest || secondsBetween(thisUpdate, moment.now) <= secondsBetween(moment.now, nextUpdate);
}

/** Whether it tells of the last change, and its time is not over. */
export function isStillTrue(
  { answer, place, changeNumber }: PreparedAnswer,
  { index }: AnsweringAuthority,
  { now }: Pick<Moment, 'now'>,
): boolean {
  if (index.changeNumberAt(place) !== changeNumber) return false;
  // Signed before the clock was set back.
  if (answer.cacheable.thisUpdate > now) return false;
  return secondsBetween(now, answer.cacheable.nextUpdate) >= REMAINING_SECONDS_MIN;
}

function keep(certId: string, signed: SignedAnswer, inputs: PlainAnswerInputs): OcspAnswer {
  const { authority, key, moment } = inputs;
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
  const prepared = {
    answer: { status: 'successful' as const, body, cacheable },
    place,
    changeNumber,
    isAsked: false,
  };
  // Doctors sign with certificates that are valid: those that have expired must not take their place.
  if (authority.index.notAfterAt(place) <= moment.now) return withMaxAge(prepared, moment.now);
  key.prepared.put(certId, prepared);
  if (!inputs.onAsked) return withMaxAge(prepared, moment.now);
  inputs.onAsked({
    authorityId: authority.id,
    algorithm: key.signer.algorithm,
    certId,
    serialNumber: inputs.request.requests[0].certId.serialNumber.toString('latin1'),
  });
  return given(prepared, inputs);
}

function withMaxAge({ answer }: PreparedAnswer, now: Date): OcspAnswer {
  const maxAgeSeconds = Math.max(0, secondsBetween(now, answer.cacheable.nextUpdate));
  return { ...answer, cacheable: { ...answer.cacheable, maxAgeSeconds } };
}

function given(prepared: PreparedAnswer, inputs: PlainAnswerInputs): OcspAnswer {
  prepared.isAsked = true;
  return { ...withMaxAge(prepared, inputs.moment.now), maxAgeAgain: maxAgeAgainOf(prepared, inputs) };
}

/**
 * Says whether the answer may be given to the same octets again, in the time that the look-up of two numbers takes: its
 * certificate has not changed since, it is not yet time for a younger answer, and nothing would choose another key. The
 * certificate itself is looked at only when something has changed: among a million it lies where no cache has it.
 */
function maxAgeAgainOf(
  prepared: PreparedAnswer,
  { authority, moment, clock, status }: PlainAnswerInputs,
): () => number {
  const { answer, place, changeNumber } = prepared;
  const { index, keys } = authority;
  const nextMs = answer.cacheable.nextUpdate.getTime();
  const youngEnoughMs = (answer.cacheable.thisUpdate.getTime() + nextMs) / 2;
  const remainingMs = nextMs - REMAINING_SECONDS_MIN * 1000;
  const untilMs = Math.min(youngEnoughMs, remainingMs, selectionHoldsUntil(keys, moment));
  const fromMs = moment.now.getTime();
  let seenVersion: number | undefined;
  return () => {
    const nowMs = clock.now().getTime();
    // A clock that was set back asks anew, as everything else does.
    if (nowMs < fromMs || nowMs > untilMs) return -1;
    if (nowMs - (status.confirmedAt?.getTime() ?? 0) > CONFIRMED_MILLISECONDS_MAX) return -1;
    if (authority.keys !== keys) return -1;
    if (index.version !== seenVersion) {
      if (index.changeNumberAt(place) !== changeNumber) return -1;
      seenVersion = index.version;
    }
    prepared.isAsked = true;
    return Math.floor((nextMs - nowMs) / 1000);
  };
}

/** Whole seconds, rounded down. */
export function secondsBetween(from: Date, to: Date): number {
  return Math.floor((to.getTime() - from.getTime()) / 1000);
}
