// Revocations as flat octets: what a database can join by itself, and what a thread hands to another without copying.
import { NO_INVALIDITY_DATE, OWN_SERIAL_OCTETS_MAX, crlEntryFields } from './crl-entry.ts';
import type { CrlEntryFields, RevokedCertificate } from './crl-entry.ts';

/**
 * Records, one after the other, big-endian: 2 octets length of the serial number, its contents octets, 8 octets revokedAt,
 * 2 octets reason code, 8 octets invalidityDate; times are signed seconds since 1970, and −2^63 means no invalidityDate.
 * PostgreSQL writes a record as `int2send(length(serial)::int2) || serial || int8send(revoked_at) || …`.
 */
export type PackedRevocations = Uint8Array;

const FIXED_OCTETS = 2 + 8 + 2 + 8;
const TWO_32 = 2 ** 32;
const ABSENT_HIGH = -(2 ** 31);

export function packRevocations(entries: readonly RevokedCertificate[]): PackedRevocations {
  let length = 0;
  for (const entry of entries) length += FIXED_OCTETS + entry.serialNumber.length;
  const out = new Uint8Array(length);
  const view = new DataView(out.buffer);
  let at = 0;
  for (const entry of entries) at = packOne(out, view, at, crlEntryFields(entry));
  return out;
}

/** Walks over packed records; its fields are those of the record that `next` came to. */
export class PackedRevocationCursor implements CrlEntryFields {
  readonly bytes: Uint8Array;
  serialStart = 0;
  serialEnd = 0;
  revokedAt = 0;
  reasonCode = 0;
  invalidityDate = NO_INVALIDITY_DATE;
  readonly #view: DataView;
  #at = 0;

  constructor(packed: PackedRevocations) {
    this.bytes = packed;
    this.#view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  }

  /** Goes to the next record; false after the last. Throws a RangeError when the octets are not records. */
  next(): boolean {
    if (this.#at === this.bytes.length) return false;
    const view = this.#view;
    const serialOctets = view.getUint16(this.#at);
    if (serialOctets === 0 || serialOctets > OWN_SERIAL_OCTETS_MAX) {
      throw new RangeError(`packed serial number of ${serialOctets} octets`);
    }
    this.serialStart = this.#at + 2;
    this.serialEnd = this.serialStart + serialOctets;
    const at = this.serialEnd;
    this.revokedAt = view.getInt32(at) * TWO_32 + view.getUint32(at + 4);
    this.reasonCode = view.getInt16(at + 8);
    const high = view.getInt32(at + 10);
    this.invalidityDate = high === ABSENT_HIGH ? NO_INVALIDITY_DATE : high * TWO_32 + view.getUint32(at + 14);
    this.#at = at + 18;
    return true;
  }
}

function packOne(out: Uint8Array, view: DataView, at: number, entry: CrlEntryFields): number {
  const serialOctets = entry.serialEnd - entry.serialStart;
  view.setUint16(at, serialOctets);
  out.set(entry.bytes, at + 2);
  const rest = at + 2 + serialOctets;
  writeSeconds(view, rest, entry.revokedAt);
  view.setInt16(rest + 8, entry.reasonCode);
  if (entry.invalidityDate === NO_INVALIDITY_DATE) view.setInt32(rest + 10, ABSENT_HIGH);
  else writeSeconds(view, rest + 10, entry.invalidityDate);
  return rest + 18;
}

function writeSeconds(view: DataView, at: number, seconds: number): void {
  const high = Math.floor(seconds / TWO_32);
  view.setInt32(at, high);
  view.setUint32(at + 4, seconds - high * TWO_32);
}
