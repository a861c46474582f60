import { revocationReasonOf } from '../pki/revocation-reason.ts';
import type { CertificateStatus } from '../pki/certificate-status.ts';
import { applyStatusChange } from '../pki/certificate-status.ts';
import { OcspError } from './ocsp-error.ts';
import {
  GOOD,
  PACKED,
  PACKED_CHANGE_OCTETS,
  PACKED_OCTETS,
  SERIAL_OCTETS_MAX,
  changeNumberOf,
  packStatus,
  serialNumberOf,
  writeStatus,
} from './packed-status.ts';
import type { SourcedStatusChange, StatusRecord } from './status-source.ts';

// One certificate is 70 octets in a chunk and a number in an open-addressing table of their places: under 90 octets
// a certificate, against some 400 for a JavaScript object with its buffers, and nothing for the garbage collector to walk.
const CHUNK_RECORDS = 4096;

/** Linear probing stays short up to this share of the table. */
const LOAD_MAX = 0.75;
const TABLE_MIN = 1024;

/** The status of every certificate of one authority, found by serial number; a place, once given, never changes. */
export class StatusIndex {
  readonly #chunks: Buffer[] = [];
  /** Places in a chunk and in the first table, which doubles. */
  readonly #chunkRecords: number;
  /** Place + 1 of each certificate; 0 is free. The size is a power of two. */
  #table: Uint32Array;
  #size = 0;
  #version = 0;

  /** An index `forFew` certificates takes some kilobytes instead of some hundred. */
  constructor({ forFew = false } = {}) {
    this.#chunkRecords = forFew ? 64 : CHUNK_RECORDS;
    this.#table = new Uint32Array(forFew ? 128 : TABLE_MIN);
  }

  get size(): number {
    return this.#size;
  }

  /** Another number after every change to what is here: while it stays, no certificate needs to be looked at again. */
  get version(): number {
    return this.#version;
  }

  /** Memory in octets. */
  get octets(): number {
    return this.#chunks.length * this.#chunkRecords * PACKED_OCTETS + this.#table.byteLength;
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
    return changeNumberOf(chunk, start);
  }

  statusAt(place: number): CertificateStatus {
    const { chunk, start } = this.#recordAt(place);
    const code = chunk[start + PACKED.status];
    if (code === GOOD) return { kind: 'good' };
    const revokedAt = new Date(chunk.readUInt32BE(start + PACKED.revokedAt) * 1000);
    return { kind: 'revoked', revokedAt, reason: revocationReasonOf(code) ?? 'unspecified' };
  }

  /** SHA-256 of the certificate at a place, a view. */
  certHashAt(place: number): Buffer {
    const { chunk, start } = this.#recordAt(place);
    return chunk.subarray(start + PACKED.certHash, start + PACKED_OCTETS);
  }

  /** Expiry of the certificate at a place; what is later than 2106 is told as 2106. */
  notAfterAt(place: number): Date {
    const { chunk, start } = this.#recordAt(place);
    return new Date(chunk.readUInt32BE(start + PACKED.notAfter) * 1000);
  }

  /** Takes a certificate as it stands; throws OcspError `status-history-broken` for one that is here. */
  load(record: StatusRecord): void {
    const packed = packStatus(record);
    if (this.find(record.serialNumber) >= 0)
      throw broken(`serial number ${hex(record.serialNumber)} was issued twice`);
    this.#take(packed, 0);
  }

  /**
   * Takes packed certificates one after the other, as they were at some moment; of what is here already, the later state
   * stays, so that a load may begin anew.
   */
  loadPacked(packed: Buffer): void {
    for (let at = 0; at < packed.length; at += PACKED_OCTETS) {
      if (this.find(serialNumberOf(packed, at)) < 0) this.#take(packed, at);
      else this.#restate(packed, at);
    }
  }

  /** Takes the packed change part of certificates that are here; throws OcspError `status-history-broken` for others. */
  restatePacked(packed: Buffer): void {
    for (let at = 0; at < packed.length; at += PACKED_CHANGE_OCTETS) this.#restate(packed, at);
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
      const { chunk, start } = this.#recordAt(place);
      this.#version += 1;
      writeStatus(chunk, start, applyStatusChange(change), changeNumber);
      return;
    }
    if (event !== 'issued' || !issued)
      throw broken(`change ${changeNumber} is of a certificate that is not known here`);
    this.load({ serialNumber, changeNumber, ...issued, status: { kind: 'good' } });
  }

  #take(packed: Buffer, at: number): void {
    const { chunk, start } = this.#recordAt(this.#append(serialNumberOf(packed, at)));
    this.#version += 1;
    packed.copy(chunk, start, at, at + PACKED_OCTETS);
  }

  #restate(packed: Buffer, at: number): void {
    const serialNumber = serialNumberOf(packed, at);
    const place = this.find(serialNumber);
    if (place < 0) throw broken(`serial number ${hex(serialNumber)} has a status, and was never issued`);
    if (changeNumberOf(packed, at) <= this.changeNumberAt(place)) return;
    const { chunk, start } = this.#recordAt(place);
    this.#version += 1;
    const [statusStart, statusEnd] = [PACKED.status, PACKED.notAfter];
    packed.copy(chunk, start + statusStart, at + statusStart, at + statusEnd);
    packed.copy(chunk, start + PACKED.changeNumber, at + PACKED.changeNumber, at + PACKED_CHANGE_OCTETS);
  }

  #append(serialNumber: Uint8Array): number {
    if (this.#size >= this.#table.length * LOAD_MAX) this.#grow();
    const place = this.#size;
    if (place === this.#chunks.length * this.#chunkRecords)
      this.#chunks.push(Buffer.alloc(this.#chunkRecords * PACKED_OCTETS));
    this.#table[this.#slotOf(serialNumber)] = place + 1;
    this.#size += 1;
    return place;
  }

  #grow(): void {
    this.#table = new Uint32Array(this.#table.length * 2);
    for (let place = 0; place < this.#size; place += 1) {
      const { chunk, start } = this.#recordAt(place);
      this.#table[this.#slotOf(serialNumberOf(chunk, start))] = place + 1;
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
    if (chunk[start + PACKED.serialLength] !== serialNumber.length) return false;
    for (let at = 0; at < serialNumber.length; at += 1) {
      if (chunk[start + PACKED.serial + at] !== serialNumber[at]) return false;
    }
    return true;
  }

  #recordAt(place: number): { chunk: Buffer; start: number } {
    return {
      chunk: this.#chunks[Math.floor(place / this.#chunkRecords)],
      start: (place % this.#chunkRecords) * PACKED_OCTETS,
    };
  }
}

/** FNV-1a, folded: serial numbers are random or counted up by ourselves, nobody else chooses what is in the table. */
function hashOf(serialNumber: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const octet of serialNumber) hash = Math.imul(hash ^ octet, 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

function hex(serialNumber: Uint8Array): string {
  return Buffer.from(serialNumber).toString('hex');
}

function broken(detail: string): OcspError {
  return new OcspError('status-history-broken', detail);
}
