import { writeGeneralizedTimeDigits } from './crl-time.ts';
import { Cursor } from './der/decode.ts';
import { TAG } from './der/tag.ts';
import { assertMinimalInteger, timeOf } from './der/values.ts';
import { encodeExtension, readExtensions } from './extension.ts';
import { parseCertificateIssuer } from './extensions/certificate-issuer.ts';
import type { GeneralName } from './extensions/general-name.ts';
import { invalidityDateExtension, parseInvalidityDate } from './extensions/invalidity-date.ts';
import { parseReasonCode, reasonCodeExtension } from './extensions/reason-code.ts';
import { CE } from './oid.ts';
import { REVOCATION_REASONS } from './revocation-reason.ts';
import type { RevocationReason } from './revocation-reason.ts';

/** One entry of revokedCertificates (RFC 5280 §5.1.2.6, §5.3). */
export interface RevokedCertificate {
  /** Contents octets of the serial number. */
  serialNumber: Uint8Array;
  /** Whole seconds, UTC. */
  revokedAt: Date;
  /** `unspecified` when the entry says nothing. */
  reason: RevocationReason;
  invalidityDate?: Date;
  /** Whose certificates this entry and those after it speak of; on indirect CRLs (§5.3.3). */
  certificateIssuer?: GeneralName[];
}

/** An entry as plain numbers, which a million of them can share one object for; times in seconds since 1970. */
export interface CrlEntryFields {
  /** Where the serial number's contents octets stand. */
  bytes: Uint8Array;
  serialStart: number;
  serialEnd: number;
  revokedAt: number;
  /** CRLReason (§5.3.1). */
  reasonCode: number;
  /** NO_INVALIDITY_DATE where there is none. */
  invalidityDate: number;
}

export const NO_INVALIDITY_DATE = Number.NEGATIVE_INFINITY;

/** 20 octets (RFC 5280 §4.1.2.2) and the sign octet. */
export const OWN_SERIAL_OCTETS_MAX = 21;

/** Most that `writeCrlEntry` writes; below 128, so each entry's length fits one octet. */
export const CRL_ENTRY_OCTETS_MAX = 96;

// The constant parts of the two extensions, cut from their encodings before the value.
const REASON = encodeExtension(reasonCodeExtension('keyCompromise'));
const REASON_HEAD = REASON.subarray(0, REASON.length - 1);
const INVALIDITY = encodeExtension(invalidityDateExtension(new Date(0)));
const INVALIDITY_HEAD = INVALIDITY.subarray(0, INVALIDITY.length - 15);

const UTC_TIME_FROM = Date.UTC(1950, 0, 1) / 1000;
const UTC_TIME_UNTIL = Date.UTC(2050, 0, 1) / 1000;

/** Writes one entry at `at` and returns where it ends; the room (CRL_ENTRY_OCTETS_MAX) is the caller's duty. */
export function writeCrlEntry(out: Uint8Array, at: number, entry: CrlEntryFields): number {
  const serialOctets = entry.serialEnd - entry.serialStart;
  if (serialOctets < 1 || serialOctets > OWN_SERIAL_OCTETS_MAX) {
    throw new RangeError(`serial number of ${serialOctets} octets, at most ${OWN_SERIAL_OCTETS_MAX}`);
  }
  out[at] = TAG.sequence;
  out[at + 2] = TAG.integer;
  out[at + 3] = serialOctets;
  let end = at + 4;
  for (let from = entry.serialStart; from < entry.serialEnd; from += 1) out[end++] = entry.bytes[from];
  end = writeTime(out, end, entry.revokedAt);
  end = writeEntryExtensions(out, end, entry);
  out[at + 1] = end - at - 2;
  return end;
}

/** Encodes one entry by itself. */
export function encodeCrlEntry(entry: RevokedCertificate): Buffer {
  const out = Buffer.alloc(CRL_ENTRY_OCTETS_MAX);
  return out.subarray(0, writeCrlEntry(out, 0, crlEntryFields(entry)));
}

export function crlEntryFields(entry: RevokedCertificate): CrlEntryFields {
  return {
    bytes: entry.serialNumber,
    serialStart: 0,
    serialEnd: entry.serialNumber.length,
    revokedAt: Math.floor(entry.revokedAt.getTime() / 1000),
    reasonCode: REVOCATION_REASONS[entry.reason],
    invalidityDate: entry.invalidityDate
      ? Math.floor(entry.invalidityDate.getTime() / 1000)
      : NO_INVALIDITY_DATE,
  };
}

/** Reads one entry; throws PkiError `der-malformed` or `crl-malformed`. */
export function parseCrlEntry(bytes: Uint8Array): RevokedCertificate {
  const cursor = new Cursor(bytes).into(TAG.sequence);
  const serialNumber = cursor.read(TAG.integer).content;
  assertMinimalInteger(serialNumber);
  const revokedAt = timeOf(cursor.next());
  const list = cursor.intoOptional(TAG.sequence);
  cursor.end();
  const extensions = list && readExtensions(list);
  const reason = extensions?.get(CE.reasonCode);
  const invalidity = extensions?.get(CE.invalidityDate);
  const certificateIssuer = extensions?.get(CE.certificateIssuer);
  return {
    serialNumber,
    revokedAt,
    reason: reason ? parseReasonCode(reason.value) : 'unspecified',
    ...(invalidity && { invalidityDate: parseInvalidityDate(invalidity.value) }),
    ...(certificateIssuer && { certificateIssuer: parseCertificateIssuer(certificateIssuer.value) }),
  };
}

/** UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 §5.1.2.6). */
function writeTime(out: Uint8Array, at: number, seconds: number): number {
  if (seconds >= UTC_TIME_FROM && seconds < UTC_TIME_UNTIL) {
    // The two octets of the century land on the header and are overwritten by it.
    const end = writeGeneralizedTimeDigits(out, at, seconds);
    out[at] = TAG.utcTime;
    out[at + 1] = 13;
    return end;
  }
  out[at] = TAG.generalizedTime;
  out[at + 1] = 15;
  return writeGeneralizedTimeDigits(out, at + 2, seconds);
}

/** crlEntryExtensions: reasonCode unless unspecified (§5.3.1 SHOULD), invalidityDate when known; absent when empty. */
function writeEntryExtensions(out: Uint8Array, at: number, entry: CrlEntryFields): number {
  const hasInvalidity = entry.invalidityDate !== NO_INVALIDITY_DATE;
  if (entry.reasonCode === REVOCATION_REASONS.unspecified && !hasInvalidity) return at;
  let end = at + 2;
  if (entry.reasonCode !== REVOCATION_REASONS.unspecified) {
    for (let i = 0; i < REASON_HEAD.length; i += 1) out[end++] = REASON_HEAD[i];
    out[end++] = entry.reasonCode;
  }
  if (hasInvalidity) {
    for (let i = 0; i < INVALIDITY_HEAD.length; i += 1) out[end++] = INVALIDITY_HEAD[i];
    end = writeGeneralizedTimeDigits(out, end, entry.invalidityDate);
  }
  out[at] = TAG.sequence;
  out[at + 1] = end - at - 2;
  return end;
}
