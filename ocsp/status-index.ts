import { REVOCATION_REASONS, revocationReasonOf } from '../pki/revocation-reason.ts';
import type { CertificateStatus } from '../pki/certificate-status.ts';
import { applyStatusChange } from '../pki/certificate-status.ts';
import { OcspError } from './ocsp-error.ts';
import type { SourcedStatusChange, StatusRecord } from './status-source.ts';

// One certificate is 70 octets in a chunk and a number in an open-addressing table of their places: under 90 octets
// a certificate, against some 400 for a JavaScript object with its buffers, and nothing for the garbage collector to walk.
const AT = {
  serialLength: 0,
  serial: 1,
  status: 21,
  revokedAt: 22,
  notAfter: 26,
  changeNumber: 30,
  certHash: 38,
} as const;
const RECORD_OCTETS = 70;
const CHUNK_RECORDS = 4096;

/** RFC 5280 §4.1.2.2. */
const SERIAL_OCTETS_MAX = 20;
const CERT_HASH_OCTETS = 32;
const SECONDS_MAX = 0xffff_ffff;
/** Stands in the place of a reason code for a certificate that is good. */
const GOOD = 0xff;
/** Linear probing stays short up to this share of the table. */
const LOAD_MAX = 0.75;
const TABLE_MIN = 1024;

/** The status of every certificate of one authority, found by serial number; a place, once given, never changes. */
export class StatusIndex {
  readonly #chunks: Buffer[] = [];
  /** Place + 1 of each certificate; 0 is free. The size is a power of two. */
  #table = new Uint32Array(TABLE_MIN);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Memory in octets. */
  get octets(): number {
    return this.#chunks.length * CHUNK_RECORDS * RECORD_OCTETS + this.#table.byteLength;
  }

  /** Place of a certificate, -1 when none was issued under this serial number. */
  find(serialNumber: Uint8Array): number {
    if (serialNumber.length > SERIAL_OCTETS_MAX) return -1;
    return this.#table[this.#slotOf(serialNumber)] - 1;
  }

  /** Number of the last change of the certificate at a place; 0 for the place -1: never issued. */
  changeNumberAt(place: number): number {
    if (place < 0) return 0;
    const { chunk, start } = this.#recordAt(place);
    return chunk.readUIntLE(start + AT.changeNumber, 6);
  }

  statusAt(place: number): CertificateStatus {
    const { chunk, start } = this.#recordAt(place);
    const code = chunk[start + AT.status];
    if (code === GOOD) return { kind: 'good' };
    const revokedAt = new Date(chunk.readUInt32LE(start + AT.revokedAt) * 1000);
    return { kind: 'revoked', revokedAt, reason: revocationReasonOf(code) ?? 'unspecified' };
  }

  /** SHA-256 of the certificate at a place, a view. */
  certHashAt(place: number): Buffer {
    const { chunk, start } = this.#recordAt(place);
    return chunk.subarray(start + AT.certHash, start + AT.certHash + CERT_HASH_OCTETS);
  }

  /** Expiry of the certificate at a place; what is later than 2106 is told as 2106. */
  notAfterAt(place: number): Date {
    const { chunk, start } = this.#recordAt(place);
    return new Date(chunk.readUInt32LE(start + AT.notAfter) * 1000);
  }

  /** Takes a certificate as it stands; throws OcspError `status-history-broken` for one that is here. */
  load(record: StatusRecord): void {
    const { serialNumber, certHash } = record;
    if (serialNumber.length === 0 || serialNumber.length > SERIAL_OCTETS_MAX)
      throw broken('serial number of impossible length');
    if (certHash.length !== CERT_HASH_OCTETS) throw broken('certificate hash of impossible length');
    if (this.find(serialNumber) >= 0) throw broken(`serial number ${hex(serialNumber)} was issued twice`);
    const place = this.#append(serialNumber);
    const { chunk, start } = this.#recordAt(place);
    chunk[start + AT.serialLength] = serialNumber.length;
    chunk.set(serialNumber, start + AT.serial);
    chunk.set(certHash, start + AT.certHash);
    chunk.writeUInt32LE(Math.min(secondsOf(record.notAfter), SECONDS_MAX), start + AT.notAfter);
    this.#write(place, record.status, record.changeNumber);
  }

  /**
   * Applies one change of this authority; one that the certificate shows already changes nothing. Throws OcspError
   * `status-history-broken` for a change of a certificate that was never issued.
   */
  apply(change: SourcedStatusChange): void {
    const { serialNumber, changeNumber, event, issued } = change;
    const place = this.find(serialNumber);
    if (place >= 0) {
      if (changeNumber <= this.changeNumberAt(place)) return;
      if (event === 'issued') throw broken(`serial number ${hex(serialNumber)} was issued twice`);
      this.#write(place, applyStatusChange(change), changeNumber);
      return;
    }
    if (event !== 'issued' || !issued)
      throw broken(`change ${changeNumber} is of a certificate that is not known here`);
    this.load({ serialNumber, changeNumber, ...issued, status: { kind: 'good' } });
  }

  #write(place: number, status: CertificateStatus, changeNumber: number): void {
    const { chunk, start } = this.#recordAt(place);
    chunk[start + AT.status] = status.kind === 'good' ? GOOD : REVOCATION_REASONS[status.reason];
    chunk.writeUInt32LE(status.kind === 'good' ? 0 : secondsOf(status.revokedAt), start + AT.revokedAt);
    chunk.writeUIntLE(changeNumber, start + AT.changeNumber, 6);
  }

  #append(serialNumber: Uint8Array): number {
    if (this.#size >= this.#table.length * LOAD_MAX) this.#grow();
    const place = this.#size;
    if (place === this.#chunks.length * CHUNK_RECORDS)
      this.#chunks.push(Buffer.alloc(CHUNK_RECORDS * RECORD_OCTETS));
    this.#table[this.#slotOf(serialNumber)] = place + 1;
    this.#size += 1;
    return place;
  }

  #grow(): void {
    this.#table = new Uint32Array(this.#table.length * 2);
    for (let place = 0; place < this.#size; place += 1) {
      const { chunk, start } = this.#recordAt(place);
      const serialNumber = chunk.subarray(
        start + AT.serial,
        start + AT.serial + chunk[start + AT.serialLength],
      );
      this.#table[this.#slotOf(serialNumber)] = place + 1;
    }
  }

  /** Slot of the table that holds the certificate, or the free one where it would go. */
  #slotOf(serialNumber: Uint8Array): number {
    const mask = this.#table.length - 1;
    let slot = hashOf(serialNumber) & mask;
    while (this.#table[slot] !== 0 && !this.#holds(this.#table[slot] - 1, serialNumber))
      slot = (slot + 1) & mask;
    return slot;
  }

  #holds(place: number, serialNumber: Uint8Array): boolean {
    const { chunk, start } = this.#recordAt(place);
    if (chunk[start + AT.serialLength] !== serialNumber.length) return false;
    for (let at = 0; at < serialNumber.length; at += 1) {
      if (chunk[start + AT.serial + at] !== serialNumber[at]) return false;
    }
    return true;
  }

  #recordAt(place: number): { chunk: Buffer; start: number } {
    return {
      chunk: this.#chunks[Math.floor(place / CHUNK_RECORDS)],
      start: (place % CHUNK_RECORDS) * RECORD_OCTETS,
    };
  }
}

/** FNV-1a, folded: serial numbers are random or counted up by ourselves, nobody else chooses what is in the table. */
function hashOf(serialNumber: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const octet of serialNumber) hash = Math.imul(hash ^ octet, 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

function secondsOf(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}

function hex(serialNumber: Uint8Array): string {
  return Buffer.from(serialNumber).toString('hex');
}

function broken(detail: string): OcspError {
  return new OcspError('status-history-broken', detail);
}
