import fc from 'fast-check';

/** Texts that have broken programs before: each is a string that JSON can carry. */
export const HOSTILE_TEXTS: readonly string[] = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  'شی\udfffرین',
  '\ufeff',
  '\u202eنیریش',
  '\u2066\u2067\u2069',
  '\u200c\u200c',
  '\u200d',
  'ي‌ك',
  '١٢٣٤٥',
  '\uffff',
  '\u{10ffff}',
  '%00',
  '%',
  '_',
  '\\',
  "' or 1=1 --",
  '${jndi:ldap://127.0.0.1}',
  '../../etc/passwd',
  '__proto__',
  'constructor',
  'null',
  'NaN',
  '-1',
  '0',
  '1e400',
  '9'.repeat(400),
  'a'.repeat(5_000),
  'urn:uuid:0190a000-0000-7000-8000-000000000000',
  '0190a000-0000-7000-8000-000000000000',
  '0'.repeat(36),
  '-'.repeat(36),
  '2026-12-31T23:59:60Z',
  '0000-01-01T00:00:00+23:59',
  '9999-12-31T23:59:59-23:59',
  '2026-01-01t00:00:00.123456789+03',
  '2026-01-01 00:00:00Z',
];

/** Values of other types, sizes and depths than any schema of ours asks for. */
const HOSTILE_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  1e308,
  [],
  {},
  [[]],
  ['x'],
  { length: 3 },
  { toString: 'x' },
  nested(500),
];

const hostileValue = fc.oneof(
  fc.constantFrom(...HOSTILE_TEXTS),
  fc.constantFrom(...HOSTILE_VALUES),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

/** JSON texts that were this value until somebody replaced, removed or added something. */
export function mutatedJson(original: Record<string, unknown>): fc.Arbitrary<string> {
  const paths = pathsOf(original);
  const change = fc.record({
    path: fc.constantFrom(...paths),
    kind: fc.constantFrom('replace', 'remove', 'add'),
    value: hostileValue,
    key: fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), fc.string({ maxLength: 12 })),
  });
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    const copy = structuredClone(original);
    for (const { path, kind, value, key } of changes)
      applyChange(copy, path, kind, structuredClone(value), key);
    return JSON.stringify(copy);
  });
}

/** Octets that were these until some were flipped, cut off, inserted or repeated. */
export function mutatedBytes(original: Buffer): fc.Arbitrary<Buffer> {
  const place = fc.nat(original.length);
  return fc.oneof(
    fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(([at, mask]) => {
      const copy = Buffer.from(original);
      copy[at % copy.length] ^= mask;
      return copy;
    }),
    place.map((length) => original.subarray(0, length)),
    fc
      .tuple(place, place, fc.uint8Array({ maxLength: 30 }))
      .map(([from, to, inserted]) =>
        Buffer.concat([original.subarray(0, from), inserted, original.subarray(to)]),
      ),
    fc.uint8Array({ maxLength: 200 }).map((octets) => Buffer.from(octets)),
  );
}

/** Arrays within arrays. */
function nested(depth: number): unknown {
  let value: unknown = 'x';
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]));
  return path.length > 0 ? [path, ...below] : below;
}

function applyChange(
  root: Record<string, unknown>,
  path: string[],
  kind: string,
  value: unknown,
  key: string,
): void {
  let place: unknown = root;
  for (const step of path.slice(0, -1)) place = (place as Record<string, unknown> | undefined)?.[step];
  // An earlier change has removed or replaced what was here.
  if (typeof place !== 'object' || place === null) return;
  const target = place as Record<string, unknown>;
  const last = path[path.length - 1];
  if (kind === 'remove') delete target[last];
  else
    Object.defineProperty(target, kind === 'add' ? key : last, {
      value,
      enumerable: true,
      configurable: true,
    });
}
