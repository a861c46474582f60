import * as asn1 from '../der/encode.ts';
import type { Cursor, Element } from '../der/decode.ts';
import { TAG, contextPrimitive } from '../der/tag.ts';
import { numberOf } from '../der/values.ts';
import { PkiError } from '../pki-error.ts';

/** Whole seconds that a deviation may have: a day, far beyond what anybody calls an accuracy. */
const SECONDS_MAX = 86_400;
const THOUSANDTHS_MAX = 999;

/** Accuracy (RFC 3161 §2.4.2) in milliseconds; microseconds become their fraction. */
export function readAccuracy(fields: Cursor): number {
  const accuracy = fields.into(TAG.sequence);
  const seconds = bounded(accuracy.readOptional(TAG.integer), SECONDS_MAX);
  const millis = bounded(accuracy.readOptional(contextPrimitive(0)), THOUSANDTHS_MAX);
  const micros = bounded(accuracy.readOptional(contextPrimitive(1)), THOUSANDTHS_MAX);
  accuracy.end();
  return seconds * 1_000 + millis + micros / 1_000;
}

/** Encodes it to the microsecond, rounded up: a time stamp does not claim more than it holds. Parts that are zero are left out. */
export function encodeAccuracy(milliseconds: number): Buffer {
  const total = Math.ceil(milliseconds * 1_000);
  const seconds = Math.floor(total / 1_000_000);
  const millis = Math.floor(total / 1_000) % 1_000;
  const micros = total % 1_000;
  return asn1.sequence(
    ...(seconds > 0 ? [asn1.integer(seconds)] : []),
    ...(millis > 0 ? [asn1.implicit(0, asn1.integer(millis))] : []),
    ...(micros > 0 ? [asn1.implicit(1, asn1.integer(micros))] : []),
  );
}

/** Zero when the part is absent. */
function bounded(element: Element | undefined, max: number): number {
  if (!element) return 0;
  const value = numberOf(element);
  if (value < 0 || value > max) {
    throw new PkiError('time-stamp-malformed', `accuracy of ${value}, at most ${max}`);
  }
  return value;
}
