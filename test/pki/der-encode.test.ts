import { fromBER } from 'asn1js';
import type * as asn1js from 'asn1js';
import fc from 'fast-check';
import t from 'tap';

import * as asn1 from '../../pki/der/encode.ts';
import { TAG } from '../../pki/der/tag.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** What an independent reader makes of it; it must fill the input. */
function reread<Block extends asn1js.AsnType>(bytes: Buffer): Block {
  const { offset, result } = fromBER(bytes);
  if (offset !== bytes.length)
    throw new Error(`asn1js read ${offset} of ${bytes.length} octets: ${result.error}`);
  return result as Block;
}

t.test('writes elements within elements as one after the other does', (t) => {
  for (const octets of [0, 100, 127, 128, 255, 256, 65_536]) {
    const contents = Buffer.alloc(octets, 7);
    const inner = { tag: TAG.octetString, contents: [contents] };
    const tree = {
      tag: TAG.sequence,
      contents: [asn1.NULL, inner, { tag: TAG.set, contents: [] }, contents],
    };
    const one = asn1.sequence(asn1.NULL, asn1.octetString(contents), asn1.element(TAG.set), contents);
    t.equal(hex(asn1.tree(tree)), hex(one), `${octets} octets`);
  }
  t.end();
});

t.test('writes each length in its shortest form', async (t) => {
  const cases: [number, string][] = [
    [0, '0400'],
    [1, '0401'],
    [127, '047f'],
    [128, '048180'],
    [255, '0481ff'],
    [256, '04820100'],
    [65_535, '0482ffff'],
    [65_536, '0483010000'],
    [16_777_215, '0483ffffff'],
    [16_777_216, '048401000000'],
  ];
  for (const [length, header] of cases) {
    const encoded = asn1.octetString(Buffer.alloc(length, 0x61));
    t.equal(hex(encoded.subarray(0, encoded.length - length)), header, `${length} octets`);
    t.ok(encoded.subarray(encoded.length - length).every((octet) => octet === 0x61));
  }
});

t.test('joins contents in their order, whatever Uint8Array they come in', async (t) => {
  t.equal(hex(asn1.sequence()), '3000');
  t.equal(hex(asn1.sequence(asn1.NULL, new Uint8Array([1, 1, 0xff]), asn1.NULL)), '300705000101ff0500');
});

t.test('writes BOOLEAN as 00 or FF', async (t) => {
  t.equal(hex(asn1.boolean(true)), '0101ff');
  t.equal(hex(asn1.boolean(false)), '010100');
});

t.test('writes INTEGER in the fewest octets', async (t) => {
  const cases: [number | bigint, string][] = [
    [0, '020100'],
    [127, '02017f'],
    [128, '02020080'],
    [255, '020200ff'],
    [256, '02020100'],
    [32_767, '02027fff'],
    [32_768, '0203008000'],
    [-1, '0201ff'],
    [-128, '020180'],
    [-129, '0202ff7f'],
    [-32_768, '02028000'],
    [2n ** 64n, '0209010000000000000000'],
    [-(2n ** 63n), '02088000000000000000'],
  ];
  for (const [value, expected] of cases) t.equal(hex(asn1.integer(value)), expected, String(value));
  t.equal(hex(asn1.enumerated(10)), '0a010a');
  t.throws(() => asn1.integer(1.5), RangeError);
  t.throws(() => asn1.integer(Number.NaN), RangeError);
});

t.test('takes the magnitude of a non-negative INTEGER', async (t) => {
  const cases = [
    ['', '020100'],
    ['00', '020100'],
    ['0000', '020100'],
    ['7f', '02017f'],
    ['80', '02020080'],
    ['0080', '02020080'],
    ['000000ff01', '020300ff01'],
    ['ff'.repeat(20), `021500${'ff'.repeat(20)}`],
  ];
  for (const [magnitude, expected] of cases)
    t.equal(hex(asn1.integer(Buffer.from(magnitude, 'hex'))), expected);
});

t.test('writes INTEGERs that asn1js reads back', async () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }), (value) => {
      return reread<asn1js.Integer>(asn1.integer(value)).toBigInt() === value;
    }),
    { numRuns: 200 },
  );
});

t.test('writes OBJECT IDENTIFIERs', async (t) => {
  const cases = [
    ['0.0', '060100'],
    ['0.39', '060127'],
    ['1.0', '060128'],
    ['1.39', '06014f'],
    ['2.0', '060150'],
    ['2.47', '06017f'],
    ['2.48', '06028100'],
    ['2.999', '06028837'],
    ['1.2.840.113549.1.1.11', '06092a864886f70d01010b'],
    ['2.16.364.101.1.1.1', '060760826c65010101'],
    // The example of ITU-T X.667: a UUID arc of 128 bits.
    ['2.25.329800735698586629295641978511506172918', '06146983f09da7ebcfdee0c7a1a7b2c0948cc8f9d776'],
  ];
  for (const [dotted, expected] of cases) t.equal(hex(asn1.oid(dotted)), expected, dotted);
});

t.test('refuses what is no OBJECT IDENTIFIER', async (t) => {
  for (const bad of [
    '',
    '1',
    '1.',
    '.1',
    '3.1',
    '0.40',
    '1.40',
    '1..2',
    '1.02',
    '1.-2',
    '1.2 ',
    '1.2.x',
    '1.2.۳',
  ]) {
    t.throws(() => asn1.oid(bad), RangeError, JSON.stringify(bad));
  }
});

t.test('writes OBJECT IDENTIFIERs with big arcs that asn1js reads back', async () => {
  // asn1js keeps arcs that fit 32 bits; der-values.test.ts has the bigger ones.
  const arcs = fc.array(fc.nat({ max: 2 ** 31 - 1 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(arcs, (rest) => {
      const dotted = ['2', '999', ...rest].join('.');
      return reread<asn1js.ObjectIdentifier>(asn1.oid(dotted)).getValue() === dotted;
    }),
    { numRuns: 100 },
  );
});

t.test('sorts the members of a SET OF by their encodings', async (t) => {
  const [a, b, c] = [asn1.integer(1), asn1.integer(256), asn1.utf8String('a')];
  t.equal(hex(asn1.setOf(c, b, a)), `310a${hex(a)}${hex(b)}${hex(c)}`);
  const members = [c, b, a];
  asn1.setOf(...members);
  t.same(members, [c, b, a], 'the given members stay as they are');
});

t.test('tags explicitly and implicitly', async (t) => {
  t.equal(hex(asn1.explicit(3, asn1.NULL)), 'a3020500');
  t.equal(hex(asn1.explicit(30)), 'be00');
  t.equal(hex(asn1.implicit(6, asn1.ia5String('a'))), '860161', 'a primitive stays primitive');
  const original = asn1.sequence(asn1.NULL);
  t.equal(hex(asn1.implicit(0, original)), 'a0020500', 'a constructed one stays constructed');
  t.equal(hex(original), '30020500', 'the original stays as it is');
});

t.test('writes BIT STRINGs of named bits without trailing zeros', async (t) => {
  const cases: [number[], string][] = [
    [[], '030100'],
    [[0], '03020780'],
    [[1], '03020640'],
    [[1, 0], '030206c0'],
    [[7], '03020001'],
    [[8], '0303070080'],
    [[5, 6], '03020106'],
  ];
  for (const [bits, expected] of cases) t.equal(hex(asn1.namedBits(bits)), expected, JSON.stringify(bits));
  t.equal(hex(asn1.bitString(Buffer.from('f0', 'hex'), 4)), '030204f0');
});

t.test('writes text in its string types', async (t) => {
  t.equal(hex(asn1.utf8String('مهر')), '0c06d985d987d8b1');
  t.equal(reread<asn1js.Utf8String>(asn1.utf8String('مهر 🩺')).getValue(), 'مهر 🩺');
  t.equal(hex(asn1.printableString('IR')), '13024952');
  t.equal(hex(asn1.ia5String('a@b')), '1603614062');
});

t.test('knows the alphabet of PrintableString', async (t) => {
  for (const text of ['', "Az09 '()+,-./:=?", '0012345678']) t.ok(asn1.isPrintable(text), text);
  for (const text of ['a@b', 'a_b', 'a*', 'a&b', '۱', 'é', 'a\n', 'a\0', '[Sign]'])
    t.notOk(asn1.isPrintable(text), JSON.stringify(text));
});

t.test('writes UTCTime from 1950 through 2049, GeneralizedTime around them', async (t) => {
  const cases = [
    ['1949-12-31T23:59:59Z', '180f31393439313233313233353935395a'],
    ['1950-01-01T00:00:00Z', '170d3530303130313030303030305a'],
    ['1999-12-31T23:59:59Z', '170d3939313233313233353935395a'],
    ['2000-01-01T00:00:00Z', '170d3030303130313030303030305a'],
    ['2049-12-31T23:59:59.999Z', '170d3439313233313233353935395a'],
    ['2050-01-01T00:00:00Z', '180f32303530303130313030303030305a'],
    ['9999-12-31T23:59:59Z', '180f39393939313233313233353935395a'],
    ['0000-01-01T00:00:00Z', '180f30303030303130313030303030305a'],
  ];
  for (const [instant, expected] of cases) t.equal(hex(asn1.time(new Date(instant))), expected, instant);
  t.equal(asn1.generalizedTime(new Date('2026-06-15T12:00:00.9Z')).toString('latin1', 2), '20260615120000Z');
});

t.test('refuses a time that has no encoding', async (t) => {
  for (const instant of ['+010000-01-01T00:00:00Z', '-000001-12-31T23:59:59Z', 'never']) {
    t.throws(() => asn1.generalizedTime(new Date(instant)), RangeError, instant);
    t.throws(() => asn1.time(new Date(instant)), RangeError, instant);
  }
});

t.test('writes a tag as it is given', async (t) => {
  t.equal(hex(asn1.element(TAG.set, asn1.NULL)), '31020500');
});
