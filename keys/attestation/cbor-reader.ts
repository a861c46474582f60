import { AttestationError } from './attestation-error.ts';

/** What attestation objects are made of: RFC 8949 without tags, floats, negative numbers and indefinite lengths. */
export type CborValue = number | Buffer | string | CborValue[] | Map<string | number, CborValue>;

const DEPTH_MAX = 8;
const ITEMS_MAX = 256;

/** Reads one item that fills the input; throws AttestationError `attestation-unreadable`. */
export function readCbor(input: Buffer): CborValue {
  const reader = new Reader(input);
  const value = reader.read(0);
  reader.end();
  return value;
}

class Reader {
  readonly #input: Buffer;
  #at = 0;
  #items = 0;

  constructor(input: Buffer) {
    this.#input = input;
  }

  read(depth: number): CborValue {
    this.#items += 1;
    if (depth > DEPTH_MAX || this.#items > ITEMS_MAX) throw unreadable('it is deeper or longer than any');
    const initial = this.#take(1)[0];
    const argument = this.#argument(initial & 0x1f);
    switch (initial >> 5) {
      case 0:
        return argument;
      case 2:
        return this.#take(argument);
      case 3:
        return this.#take(argument).toString('utf8');
      case 4:
        return this.#repeat(argument, () => this.read(depth + 1));
      case 5:
        return this.#map(argument, depth);
      default:
        throw unreadable('it has a type that does not belong there');
    }
  }

  end(): void {
    if (this.#at !== this.#input.length) throw unreadable('something hangs behind it');
  }

  /** RFC 8949 §3: the value itself, or in how many octets it follows. */
  #argument(information: number): number {
    if (information < 24) return information;
    const octets = { 24: 1, 25: 2, 26: 4 }[information];
    if (octets === undefined) throw unreadable('a length is indefinite or too long');
    return this.#take(octets).readUIntBE(0, octets);
  }

  #map(pairs: number, depth: number): Map<string | number, CborValue> {
    const map = new Map<string | number, CborValue>();
    this.#repeat(pairs, () => {
      const key = this.read(depth + 1);
      if ((typeof key !== 'string' && typeof key !== 'number') || map.has(key))
        throw unreadable('a key stands there twice, or is none');
      map.set(key, this.read(depth + 1));
    });
    return map;
  }

  #repeat<T>(times: number, one: () => T): T[] {
    if (times > ITEMS_MAX) throw unreadable('it is longer than any');
    return Array.from({ length: times }, one);
  }

  #take(octets: number): Buffer {
    const end = this.#at + octets;
    if (end > this.#input.length) throw unreadable('it is cut off');
    const taken = this.#input.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

function unreadable(detail: string): AttestationError {
  return new AttestationError('attestation-unreadable', `the attestation object cannot be read: ${detail}`);
}
