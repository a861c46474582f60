import * as asn1 from '../der/encode.ts';
import { openWhole } from '../der/decode.ts';
import type { Cursor } from '../der/decode.ts';
import { TAG } from '../der/tag.ts';
import { namedBitsOf, numberOf, textOf } from '../der/values.ts';
import { PkiError } from '../pki-error.ts';

/** PKIStatus (RFC 3161 §2.4.2). */
const PKI_STATUSES = {
  granted: 0,
  grantedWithMods: 1,
  rejection: 2,
  waiting: 3,
  revocationWarning: 4,
  revocationNotification: 5,
} as const;

export type PkiStatus = keyof typeof PKI_STATUSES;

/** PKIFailureInfo: numbers of the bits (RFC 3161 §2.4.2). */
export const TIME_STAMP_FAILURES = {
  badAlg: 0,
  badRequest: 2,
  badDataFormat: 5,
  timeNotAvailable: 14,
  unacceptedPolicy: 15,
  unacceptedExtension: 16,
  addInfoNotAvailable: 17,
  systemFailure: 25,
} as const;

export type TimeStampFailure = keyof typeof TIME_STAMP_FAILURES;

/** TimeStampResp: a token, or why there is none. */
export type TimeStampResponse =
  | { status: 'granted' | 'grantedWithMods'; texts: string[]; token: Buffer }
  | {
      status: Exclude<PkiStatus, 'granted' | 'grantedWithMods'>;
      texts: string[];
      failures: TimeStampFailure[];
    };

/** A token with the authority's chain has a few thousand octets; one that embeds its CRL stays below this. */
export const TIME_STAMP_RESPONSE_OCTETS_MAX = 1_048_576;
const TEXTS_MAX = 16;

/** Encodes a granted response around a token in DER. */
export function encodeGrantedTimeStamp(token: Uint8Array): Buffer {
  return asn1.sequence(asn1.sequence(asn1.integer(PKI_STATUSES.granted)), token);
}

/** Encodes a rejection; `text` is for the people who read it. */
export function encodeTimeStampRejection(failure: TimeStampFailure, text: string): Buffer {
  return asn1.sequence(
    asn1.sequence(
      asn1.integer(PKI_STATUSES.rejection),
      asn1.sequence(asn1.utf8String(text)),
      asn1.namedBits([TIME_STAMP_FAILURES[failure]]),
    ),
  );
}

/** Reads a response, ours or another's; throws PkiError `der-malformed` or `time-stamp-malformed`. */
export function parseTimeStampResponse(bytes: Uint8Array): TimeStampResponse {
  if (bytes.length > TIME_STAMP_RESPONSE_OCTETS_MAX) {
    throw malformed(`${bytes.length} octets, at most ${TIME_STAMP_RESPONSE_OCTETS_MAX}`);
  }
  const fields = openWhole(bytes, TAG.sequence, 'ber');
  const { status, texts, failures } = readStatusInfo(fields.into(TAG.sequence));
  const token = fields.readOptional(TAG.sequence)?.bytes;
  fields.end();
  if (status === 'granted' || status === 'grantedWithMods') {
    if (!token) throw malformed(`${status}, but without a token`);
    return { status, texts, token };
  }
  // RFC 3161 §2.4.2: a token must not be there.
  if (token) throw malformed(`${status}, but with a token`);
  return { status, texts, failures };
}

function readStatusInfo(info: Cursor): { status: PkiStatus; texts: string[]; failures: TimeStampFailure[] } {
  const status = statusOf(numberOf(info.read(TAG.integer)));
  const list = info.intoOptional(TAG.sequence);
  const texts: string[] = [];
  while (list && !list.atEnd) {
    if (texts.length === TEXTS_MAX) throw malformed(`more than ${TEXTS_MAX} texts`);
    texts.push(textOf(list.next()));
  }
  const bits = info.readOptional(TAG.bitString);
  info.end();
  return { status, texts, failures: bits ? failuresOf(namedBitsOf(bits)) : [] };
}

function statusOf(code: number): PkiStatus {
  const found = Object.entries(PKI_STATUSES).find(([, value]) => value === code);
  if (!found) throw malformed(`status ${code}`);
  return found[0] as PkiStatus;
}

/** Bits that RFC 3161 does not name are passed over: the status says what came of it. */
function failuresOf(bits: readonly number[]): TimeStampFailure[] {
  return (Object.keys(TIME_STAMP_FAILURES) as TimeStampFailure[]).filter((name) =>
    bits.includes(TIME_STAMP_FAILURES[name]),
  );
}

function malformed(detail: string): PkiError {
  return new PkiError('time-stamp-malformed', detail);
}
