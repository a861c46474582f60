import { encodeOcspRequest, parseOcspRequest } from '../pki/ocsp-request.ts';
import type { AnsweringAuthority } from './hosted-authority.ts';
import type { HotAnswer } from './hot-set.ts';
import { isStillTrue, renew, secondsBetween } from './plain-answer.ts';
import type { Moment, PlainAnswerInputs } from './plain-answer.ts';
import type { PreparedAnswer } from './prepared-answers.ts';
import { selectResponderKey } from './responder-key.ts';
import type { ResponderKey } from './responder-key.ts';

/** Renewed at this share of its validity: before the half, at which somebody who asks would have to wait for a younger one. */
const RENEWAL_SHARE = 0.4;

/** What became of an answer of the hot set. */
export interface Preparation {
  /** Its certificate is not known here any more, has expired, or cannot be answered for. */
  isGone: boolean;
  isSigned: boolean;
  /** Whether somebody got it since it was signed. */
  isAsked: boolean;
}

const GONE: Preparation = { isGone: true, isSigned: false, isAsked: false };

/** Signs an answer of the hot set before anybody asks for it, unless there is a young one; rejects as the key does. */
export async function prepareAhead(
  { algorithm, certId, serialNumber }: HotAnswer,
  authority: AnsweringAuthority,
  moment: Moment,
  inputs: Pick<PlainAnswerInputs, 'signer' | 'clock' | 'status' | 'onFault'>,
): Promise<Preparation> {
  const key = keyFor(authority, algorithm, moment);
  const place = authority.index.find(Buffer.from(serialNumber, 'latin1'));
  if (!key || place < 0 || authority.index.notAfterAt(place) <= moment.now) return GONE;
  const kept = key.prepared.get(certId);
  const isAsked = kept !== undefined && takeAsked(kept);
  if (kept && isYoung(kept, authority, moment)) return { isGone: false, isSigned: false, isAsked };
  const request = parseOcspRequest(encodeOcspRequest([Buffer.from(certId, 'latin1')]));
  await (key.prepared.inPreparation(certId) ?? renew({ request, authority, key, moment, ...inputs }, certId));
  return { isGone: false, isSigned: true, isAsked };
}

/** The key that clients want; when there is none of its algorithm any more, the one that answers them instead. */
function keyFor(
  { keys }: AnsweringAuthority,
  algorithm: HotAnswer['algorithm'],
  moment: Moment,
): ResponderKey | undefined {
  const ofAlgorithm = keys.filter(({ signer }) => signer.algorithm === algorithm);
  return selectResponderKey(ofAlgorithm, [], moment) ?? selectResponderKey(keys, [], moment);
}

/** While the source is lost there is no younger one to sign. */
function isYoung(kept: PreparedAnswer, authority: AnsweringAuthority, moment: Moment): boolean {
  if (!isStillTrue(kept, authority, moment)) return false;
  const { thisUpdate, nextUpdate } = kept.answer.cacheable;
  if (thisUpdate.getTime() === moment.thisUpdate.getTime()) return true;
  return secondsBetween(thisUpdate, moment.now) < RENEWAL_SHARE * secondsBetween(thisUpdate, nextUpdate);
}

function takeAsked(kept: PreparedAnswer): boolean {
  const { isAsked } = kept;
  kept.isAsked = false;
  return isAsked;
}
