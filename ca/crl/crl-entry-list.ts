// All entries of an authority's CRLs, encoded. Chunks are shared memory: a published CRL is a list of views on them, so a
// million entries stand in memory once, for the thread that builds, the one that signs and the one that serves.
import { CRL_ENTRY_OCTETS_MAX, writeCrlEntry } from '../../pki/crl-entry.ts';
import type { CrlEntryFields } from '../../pki/crl-entry.ts';
import { SerialIndex, serialHash } from '../../pki/crl-serial-index.ts';
import type { SerialLocator } from '../../pki/crl-serial-index.ts';

/** Octets of a chunk; an entry's offset in it takes 16 bits of its location, the chunk's number the other 16. */
const CHUNK_OCTETS = 65_536;
const CHUNKS_MAX = 65_535;

/** Offset of the serial number's contents in an entry that we have written: lengths take one octet each. */
const SERIAL_AT = 4;

interface Chunk {
  bytes: Uint8Array;
  used: number;
  shard: number;
}

/**
 * Chunks only ever grow at their end. Whatever takes an entry out writes a new chunk without it, so views that were handed
 * out before keep what they showed.
 */
export class CrlEntryList implements SerialLocator {
  readonly #shards: number;
  readonly #chunks: (Chunk | undefined)[] = [];
  readonly #free: number[] = [];
  /** Number of the chunk that each shard appends to. */
  readonly #tails: number[];
  readonly #index = new SerialIndex(this);

  constructor(shards: number) {
    this.#shards = shards;
    this.#tails = Array.from({ length: shards }, (_, shard) => this.#openChunk(shard));
  }

  get count(): number {
    return this.#index.count;
  }

  /** Lists a certificate, or changes its entry; the same entry again changes nothing. */
  put(entry: CrlEntryFields): void {
    // `shardOf`, without a view for each of a million serial numbers.
    const shard = entry.bytes[entry.serialEnd - 1] % this.#shards;
    const number = this.#roomyTail(shard);
    const chunk = this.#chunks[number]!;
    // Written at once where it will stand: what lies behind `used` is seen by nobody.
    const at = chunk.used;
    const end = writeCrlEntry(chunk.bytes, at, entry);
    const serialEnd = at + SERIAL_AT + chunk.bytes[at + SERIAL_AT - 1];
    const hash = serialHash(chunk.bytes, at + SERIAL_AT, serialEnd);
    const known = this.#index.find(hash, chunk.bytes, at + SERIAL_AT, serialEnd);
    if (known >= 0) {
      if (this.#isAt(known, chunk.bytes, at, end)) return;
      this.#cut(known);
      return this.put(entry);
    }
    chunk.used = end;
    this.#index.add(hash, number * 0x10000 + at);
  }

  /** Takes a certificate off the list, if it is on it. */
  remove(serialNumber: Uint8Array): void {
    const hash = serialHash(serialNumber, 0, serialNumber.length);
    const known = this.#index.find(hash, serialNumber, 0, serialNumber.length);
    if (known >= 0) this.#cut(known);
  }

  /** The entries of one shard, or of all; views that stay as they are. */
  parts(shard?: number): Uint8Array[] {
    const parts: Uint8Array[] = [];
    for (const chunk of this.#chunks) {
      if (!chunk || chunk.used === 0 || (shard !== undefined && chunk.shard !== shard)) continue;
      parts.push(chunk.bytes.subarray(0, chunk.used));
    }
    return parts;
  }

  matches(location: number, bytes: Uint8Array, start: number, end: number): boolean {
    const chunk = this.#chunks[location >>> 16]!;
    const from = (location & 0xffff) + SERIAL_AT;
    if (chunk.bytes[from - 1] !== end - start) return false;
    for (let i = start; i < end; i += 1) if (chunk.bytes[from + i - start] !== bytes[i]) return false;
    return true;
  }

  #isAt(location: number, bytes: Uint8Array, start: number, end: number): boolean {
    const chunk = this.#chunks[location >>> 16]!;
    const from = location & 0xffff;
    for (let i = start; i < end; i += 1) if (chunk.bytes[from + i - start] !== bytes[i]) return false;
    return true;
  }

  /** Writes the chunk anew without the entry at `location`; those behind it move up. */
  #cut(location: number): void {
    const number = location >>> 16;
    const old = this.#chunks[number]!;
    const at = location & 0xffff;
    const octets = 2 + old.bytes[at + 1];
    this.#index.delete(hashAt(old.bytes, at), location);
    for (let next = at + octets; next < old.used; next += 2 + old.bytes[next + 1]) {
      const from = number * 0x10000 + next;
      this.#index.move(hashAt(old.bytes, next), from, from - octets);
    }
    const isTail = this.#tails[old.shard] === number;
    const used = old.used - octets;
    if (used === 0 && !isTail) {
      this.#chunks[number] = undefined;
      this.#free.push(number);
      return;
    }
    const bytes = sharedOctets(isTail ? CHUNK_OCTETS : used);
    bytes.set(old.bytes.subarray(0, at));
    bytes.set(old.bytes.subarray(at + octets, old.used), at);
    this.#chunks[number] = { bytes, used, shard: old.shard };
  }

  /** Number of the shard's last chunk, which has room for an entry of any size. */
  #roomyTail(shard: number): number {
    const tail = this.#tails[shard];
    if (this.#chunks[tail]!.used + CRL_ENTRY_OCTETS_MAX <= CHUNK_OCTETS) return tail;
    this.#tails[shard] = this.#openChunk(shard);
    return this.#tails[shard];
  }

  #openChunk(shard: number): number {
    const number = this.#free.pop() ?? this.#chunks.length;
    if (number >= CHUNKS_MAX) throw new RangeError(`more than ${CHUNKS_MAX} chunks of CRL entries`);
    this.#chunks[number] = { bytes: sharedOctets(CHUNK_OCTETS), used: 0, shard };
    return number;
  }
}

function hashAt(bytes: Uint8Array, at: number): number {
  return serialHash(bytes, at + SERIAL_AT, at + SERIAL_AT + bytes[at + SERIAL_AT - 1]);
}

function sharedOctets(octets: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(octets));
}
