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
  /** Location + 1; 0 is an empty slot. */
  #locations: Uint32Array;
  /** Full hashes: entries are looked at when they are the one that is sought, and not for growing. */
  #hashes: Uint32Array;
  #count = 0;

  constructor(locator: SerialLocator, expected = 0) {
    this.#locator = locator;
    const slots = slotsFor(expected);
    this.#locations = new Uint32Array(slots);
    this.#hashes = new Uint32Array(slots);
  }

  get count(): number {
    return this.#count;
  }

  /** Location of the entry of a serial number and its hash, or -1. */
  find(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const mask = this.#locations.length - 1;
    for (let slot = hash & mask; this.#locations[slot] !== 0; slot = (slot + 1) & mask) {
      if (this.#hashes[slot] !== hash) continue;
      const location = this.#locations[slot] - 1;
      if (this.#locator.matches(location, bytes, start, end)) return location;
    }
    return -1;
  }

  /** Adds an entry whose serial number is not in the index: the caller has looked. */
  add(hash: number, location: number): void {
    if ((this.#count + 1) * 4 > this.#locations.length * 3) this.#grow();
    this.#insert(hash, location + 1);
    this.#count += 1;
  }

  /** The entry stands elsewhere now. */
  move(hash: number, from: number, to: number): void {
    this.#locations[this.#slotOf(hash, from)] = to + 1;
  }

  delete(hash: number, location: number): void {
    const mask = this.#locations.length - 1;
    let hole = this.#slotOf(hash, location);
    // Entries behind the hole that could stand in it move up, so that no search ends too early.
    for (let slot = (hole + 1) & mask; this.#locations[slot] !== 0; slot = (slot + 1) & mask) {
      const displaced = (slot - this.#hashes[slot]) & mask;
      if (displaced < ((slot - hole) & mask)) continue;
      this.#locations[hole] = this.#locations[slot];
      this.#hashes[hole] = this.#hashes[slot];
      hole = slot;
    }
    this.#locations[hole] = 0;
    this.#count -= 1;
  }

  #slotOf(hash: number, location: number): number {
    const mask = this.#locations.length - 1;
    let slot = hash & mask;
    while (this.#locations[slot] !== location + 1) {
      if (this.#locations[slot] === 0) throw new Error(`location ${location} is not in the index`);
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #insert(hash: number, value: number): void {
    const mask = this.#locations.length - 1;
    let slot = hash & mask;
    while (this.#locations[slot] !== 0) slot = (slot + 1) & mask;
    this.#locations[slot] = value;
    this.#hashes[slot] = hash;
  }

  #grow(): void {
    const locations = this.#locations;
    const hashes = this.#hashes;
    this.#locations = new Uint32Array(locations.length * 2);
    this.#hashes = new Uint32Array(locations.length * 2);
    for (let slot = 0; slot < locations.length; slot += 1) {
      if (locations[slot] !== 0) this.#insert(hashes[slot], locations[slot]);
    }
  }
}

function slotsFor(expected: number): number {
  let slots = SLOTS_MIN;
  while (slots * 3 < expected * 4) slots *= 2;
  return slots;
}
