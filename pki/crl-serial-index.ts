import { randomFillSync } from 'node:crypto';

/** Where an index looks when two serial numbers have the same hash. */
export interface SerialLocator {
  /** Whether the entry at the location has the serial number that stands in `bytes` from `start` to `end`. */
  matches(location: number, bytes: Uint8Array, start: number, end: number): boolean;
}

/** Longest serial number that is read, in octets: RFC 5280 §4.1.2.2 allows 20, some issuers wrote more. */
export const SERIAL_OCTETS_MAX = 32;

// Simple tabulation with random tables: whoever chooses the serial numbers of a hostile CRL cannot make them collide.
const TABLES = randomFillSync(new Uint32Array(SERIAL_OCTETS_MAX * 256));

const SLOTS_MIN = 256;

/** A hash over the octets from `start` to `end`, at most SERIAL_OCTETS_MAX of them; differs from process to process. */
export function serialHash(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0;
  for (let at = start; at < end; at += 1) hash ^= TABLES[(at - start) * 256 + bytes[at]];
  return hash >>> 0;
}

/** From serial numbers to 32-bit locations of entries: open addressing, eight octets a slot, at most three quarters full. */
export class SerialIndex {
  readonly #locator: SerialLocator;
  /**
   * Pairs of location + 1 (0: the slot is empty) and full hash, side by side: one cache line for both. With the hashes, an
   * entry is looked at only when it is the one that is sought, and never for growing.
   */
  #pairs: Uint32Array;
  #count = 0;

  constructor(locator: SerialLocator, expected = 0) {
    this.#locator = locator;
    this.#pairs = new Uint32Array(2 * slotsFor(expected));
  }

  get count(): number {
    return this.#count;
  }

  /** Location of the entry of a serial number and its hash, or -1. */
  find(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const pairs = this.#pairs;
    const mask = pairs.length - 1;
    for (let at = (hash << 1) & mask; pairs[at] !== 0; at = (at + 2) & mask) {
      if (pairs[at + 1] !== hash) continue;
      const location = pairs[at] - 1;
      if (this.#locator.matches(location, bytes, start, end)) return location;
    }
    return -1;
  }

  /** Adds an entry whose serial number is not in the index: the caller has looked. */
  add(hash: number, location: number): void {
    if ((this.#count + 1) * 8 > this.#pairs.length * 3) this.#grow();
    insert(this.#pairs, hash, location + 1);
    this.#count += 1;
  }

  /** The entry stands elsewhere now. */
  move(hash: number, from: number, to: number): void {
    this.#pairs[this.#placeOf(hash, from)] = to + 1;
  }

  delete(hash: number, location: number): void {
    const pairs = this.#pairs;
    const mask = pairs.length - 1;
    let hole = this.#placeOf(hash, location);
    // Pairs behind the hole that could stand in it move up, so that no search ends too early.
    for (let at = (hole + 2) & mask; pairs[at] !== 0; at = (at + 2) & mask) {
      const displaced = (at - (pairs[at + 1] << 1)) & mask;
      if (displaced < ((at - hole) & mask)) continue;
      pairs[hole] = pairs[at];
      pairs[hole + 1] = pairs[at + 1];
      hole = at;
    }
    pairs[hole] = 0;
    this.#count -= 1;
  }

  #placeOf(hash: number, location: number): number {
    const pairs = this.#pairs;
    const mask = pairs.length - 1;
    let at = (hash << 1) & mask;
    while (pairs[at] !== location + 1) {
      if (pairs[at] === 0) throw new Error(`location ${location} is not in the index`);
      at = (at + 2) & mask;
    }
    return at;
  }

  #grow(): void {
    const old = this.#pairs;
    const pairs = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 2) if (old[at] !== 0) insert(pairs, old[at + 1], old[at]);
    this.#pairs = pairs;
  }
}

function insert(pairs: Uint32Array, hash: number, value: number): void {
  const mask = pairs.length - 1;
  let at = (hash << 1) & mask;
  while (pairs[at] !== 0) at = (at + 2) & mask;
  pairs[at] = value;
  pairs[at + 1] = hash;
}

function slotsFor(expected: number): number {
  let slots = SLOTS_MIN;
  while (slots * 3 < expected * 4) slots *= 2;
  return slots;
}
