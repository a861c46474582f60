// node-postgres sends a Buffer as a binary parameter, and an array as text, one escaped value after the other. A batch of a
// thousand rows therefore goes as arrays in PostgreSQL's own binary form: no hexadecimal, no quoting, one copy.

/** Types that batches are made of, by their fixed object identifiers (PostgreSQL's pg_type.dat). */
const TYPES = { bytea: 17, int4: 23, text: 25, timestamptz: 1184 } as const;

const HEADER_OCTETS = 20;
const NULL_LENGTH = -1;

/** PostgreSQL counts microseconds from here. */
const POSTGRES_EPOCH_MILLISECONDS = Date.UTC(2000, 0, 1);

/** `bytea[]`; null stays null. */
export function byteaArray(values: readonly (Uint8Array | null)[]): Buffer {
  return encode(TYPES.bytea, values);
}

/** `text[]`; also what casts from text take, such as `$1::text[]::uuid[]`. */
export function textArray(values: readonly (string | null)[]): Buffer {
  return encode(
    TYPES.text,
    encodeEach(values, (value) => Buffer.from(value)),
  );
}

/** `int4[]`. */
export function integerArray(values: readonly number[]): Buffer {
  return encode(TYPES.int4, values.map(int4));
}

/** `timestamptz[]`; null stays null. */
export function timestampArray(values: readonly (Date | null)[]): Buffer {
  return encode(TYPES.timestamptz, encodeEach(values, timestamp));
}

/** One dimension from 1: dimensions, whether there are nulls, element type, length, lower bound, then each with its length. */
function encode(type: number, values: readonly (Uint8Array | null)[]): Buffer {
  const octets = values.reduce((sum, value) => sum + 4 + (value?.length ?? 0), HEADER_OCTETS);
  const array = Buffer.allocUnsafe(octets);
  array.writeInt32BE(1, 0);
  array.writeInt32BE(values.includes(null) ? 1 : 0, 4);
  array.writeInt32BE(type, 8);
  array.writeInt32BE(values.length, 12);
  array.writeInt32BE(1, 16);
  let at = HEADER_OCTETS;
  for (const value of values) {
    at = array.writeInt32BE(value ? value.length : NULL_LENGTH, at);
    if (!value) continue;
    array.set(value, at);
    at += value.length;
  }
  return array;
}

function int4(value: number): Buffer {
  const octets = Buffer.allocUnsafe(4);
  octets.writeInt32BE(value, 0);
  return octets;
}

/** Many columns say the same in row after row: it is encoded once. */
function encodeEach<T>(values: readonly (T | null)[], encodeOne: (value: T) => Buffer): (Buffer | null)[] {
  let last: T | null = null;
  let encoded: Buffer | null = null;
  return values.map((value) => {
    if (value === last) return encoded;
    last = value;
    encoded = value === null ? null : encodeOne(value);
    return encoded;
  });
}

function timestamp(value: Date): Buffer {
  const octets = Buffer.allocUnsafe(8);
  // Exact in a number until the year 2255, and in two halves without a bigint.
  const microseconds = (value.getTime() - POSTGRES_EPOCH_MILLISECONDS) * 1000;
  octets.writeInt32BE(Math.floor(microseconds / 2 ** 32), 0);
  octets.writeUInt32BE(microseconds - Math.floor(microseconds / 2 ** 32) * 2 ** 32, 4);
  return octets;
}
