import { Cursor } from './der/decode.ts';
import { TAG } from './der/tag.ts';
import { encodeExtension, readExtensions } from './extension.ts';
import { reasonCodeExtension } from './extensions/reason-code.ts';
import { parseCrlEntry } from './crl-entry.ts';
import type { RevokedCertificate } from './crl-entry.ts';
import { SERIAL_OCTETS_MAX, SerialIndex, serialHash } from './crl-serial-index.ts';
import { CE } from './oid.ts';
import { PkiError } from './pki-error.ts';

/**
 * The entries of a CRL as they stand in its bytes: checked once for their form, read into objects one at a time.
 * A million entries cost their octets and, from the first search on, four to eight more each.
 */
export class RevokedCertificates implements Iterable<RevokedCertificate> {
  readonly count: number;
  /** Critical entry extensions that are not understood here: such a CRL must not be relied on (RFC 5280 §5.3). */
  readonly unknownCriticalExtensions: ReadonlySet<string>;
  readonly #content: Buffer;
  #index: SerialIndex | undefined;

  /** Takes the contents of revokedCertificates; throws PkiError `der-malformed` or `crl-malformed`. */
  constructor(content: Buffer) {
    this.#content = content;
    const critical = new Set<string>();
    let count = 0;
    for (let at = 0; at < content.length; count += 1) at = checkEntry(content, at, critical);
    this.count = count;
    this.unknownCriticalExtensions = critical;
  }

  /** The entry with these contents octets of a serial number; the first one, should it be listed twice. */
  find(serialNumber: Uint8Array): RevokedCertificate | undefined {
    if (serialNumber.length > SERIAL_OCTETS_MAX) return undefined;
    this.#index ??= this.#buildIndex();
    const hash = serialHash(serialNumber, 0, serialNumber.length);
    const at = this.#index.find(hash, serialNumber, 0, serialNumber.length);
    return at < 0 ? undefined : parseCrlEntry(this.#entryAt(at));
  }

  *[Symbol.iterator](): Generator<RevokedCertificate> {
    for (let at = 0; at < this.#content.length;) {
      const entry = this.#entryAt(at);
      yield parseCrlEntry(entry);
      at += entry.length;
    }
  }

  #entryAt(at: number): Buffer {
    return this.#content.subarray(at, elementEnd(this.#content, at, this.#content.length));
  }

  #buildIndex(): SerialIndex {
    const content = this.#content;
    const index = new SerialIndex(
      { matches: (at, ...serial) => isSerialAt(content, at, ...serial) },
      this.count,
    );
    for (let at = 0; at < content.length; at = elementEnd(content, at, content.length)) {
      const start = serialStart(content, at);
      const end = start + content[start - 1];
      const hash = serialHash(content, start, end);
      if (index.find(hash, content, start, end) < 0) index.add(hash, at);
    }
    return index;
  }
}

function isSerialAt(content: Buffer, at: number, bytes: Uint8Array, start: number, end: number): boolean {
  const from = serialStart(content, at);
  if (content[from - 1] !== end - start) return false;
  for (let i = start; i < end; i += 1) if (content[from + i - start] !== bytes[i]) return false;
  return true;
}

const REASON = encodeExtension(reasonCodeExtension('keyCompromise'));

/** Checks the form of the entry at `at` and returns where it ends. */
function checkEntry(bytes: Buffer, at: number, critical: Set<string>): number {
  const end = elementEnd(bytes, at, bytes.length);
  if (bytes[at] !== TAG.sequence) throw malformed('an entry is not a SEQUENCE');
  const serial = contentStart(bytes, at);
  const time = elementEnd(bytes, serial, end);
  const start = contentStart(bytes, serial);
  if (bytes[serial] !== TAG.integer || time === start || time - start > SERIAL_OCTETS_MAX) {
    throw malformed(`a serial number is not an INTEGER of 1 to ${SERIAL_OCTETS_MAX} octets`);
  }
  const extensions = elementEnd(bytes, time, end);
  const timeOctets = extensions - time;
  const isTime =
    (bytes[time] === TAG.utcTime && timeOctets === 15) ||
    (bytes[time] === TAG.generalizedTime && timeOctets >= 17);
  if (!isTime) throw malformed('a revocation date is not a Time');
  if (extensions === end) return end;
  if (elementEnd(bytes, extensions, end) !== end) throw malformed('an entry has trailing octets');
  if (!isReasonAlone(bytes, extensions, end)) checkExtensions(bytes.subarray(extensions, end), critical);
  return end;
}

/** Whether the extensions are exactly one reasonCode in DER, as in nearly every entry there is. */
function isReasonAlone(bytes: Buffer, at: number, end: number): boolean {
  if (end - at !== REASON.length + 2 || bytes[at] !== TAG.sequence) return false;
  for (let i = 0; i < REASON.length - 1; i += 1) if (bytes[at + 2 + i] !== REASON[i]) return false;
  return true;
}

function checkExtensions(bytes: Buffer, critical: Set<string>): void {
  for (const extension of readExtensions(new Cursor(bytes).into(TAG.sequence)).values()) {
    const known = extension.oid === CE.reasonCode || extension.oid === CE.invalidityDate;
    if (extension.critical && !known) critical.add(extension.oid);
  }
}

/** Where the serial number of the entry at `at` begins; its length is in the octet before, for it is under 128. */
function serialStart(bytes: Buffer, at: number): number {
  return contentStart(bytes, at) + 2;
}

/** Where the contents of the element at `at` begin; its length has been checked by `elementEnd`. */
function contentStart(bytes: Buffer, at: number): number {
  const first = bytes[at + 1];
  return first < 0x80 ? at + 2 : at + 2 + (first & 0x7f);
}

/** Where the DER element at `at` ends: what Cursor does, without an object for each of a million elements. */
function elementEnd(bytes: Buffer, at: number, limit: number): number {
  if (at + 2 > limit) throw malformed('an entry is cut off');
  const first = bytes[at + 1];
  let length = first;
  let content = at + 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 3 || content + count > limit)
      throw malformed('an entry has an unreadable length');
    length = bytes.readUIntBE(content, count);
    content += count;
    if (length < 0x80 || length < 2 ** (8 * (count - 1))) {
      throw malformed('a length is not in its shortest form');
    }
  }
  if (content + length > limit) throw malformed('an entry is longer than its list');
  return content + length;
}

function malformed(detail: string): PkiError {
  return new PkiError('crl-malformed', detail);
}
