import fc from 'fast-check';
import t from 'tap';

import { Cursor } from '../../pki/der/decode.ts';
import type { Element } from '../../pki/der/decode.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { TAG } from '../../pki/der/tag.ts';
import {
  assertMinimalInteger,
  bigintOf,
  bitOctetsOf,
  bitsOf,
  booleanOf,
  isStringTag,
  namedBitsOf,
  numberOf,
  octetsOf,
  oidOf,
  textOf,
  timeOf,
} from '../../pki/der/values.ts';

const malformed = { name: 'PkiError', code: 'der-malformed' };
const octets = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const read = (bytes: Uint8Array): Element => new Cursor(bytes, 'ber').next();
const held = (tag: number, contents: Uint8Array | string): Element =>
  read(asn1.element(tag, typeof contents === 'string' ? octets(contents) : contents));

t.test('reads BOOLEAN, in DER only as 00 or FF', async (t) => {
  t.equal(booleanOf(held(TAG.boolean, 'ff')), true);
  t.equal(booleanOf(held(TAG.boolean, '00')), false);
  t.equal(booleanOf(held(TAG.boolean, '01'), false), true);
  for (const bad of ['01', 'fe', '', 'ffff'])
    t.throws(() => booleanOf(held(TAG.boolean, bad)), malformed, bad);
  t.throws(() => booleanOf(held(TAG.boolean, ''), false), malformed);
});

t.test('reads INTEGER at the edges of its octets', async (t) => {
  for (const value of [0, 1, 127, 128, 255, 256, 32_767, 32_768, 2 ** 47 - 1, -1, -128, -129, -(2 ** 47)]) {
    t.equal(numberOf(read(asn1.integer(value))), value);
    t.equal(bigintOf(read(asn1.integer(value))), BigInt(value));
  }
  t.throws(() => numberOf(read(asn1.integer(2 ** 47))), malformed);
});

t.test('refuses INTEGERs that are empty or not in their shortest form', async (t) => {
  for (const bad of ['', '0000', '007f', '00007f', 'ff80', 'ffff', 'ffffff']) {
    t.throws(() => numberOf(held(TAG.integer, bad)), malformed, bad);
    t.throws(() => bigintOf(held(TAG.integer, bad)), malformed, bad);
    t.throws(() => assertMinimalInteger(octets(bad)), malformed, bad);
  }
  for (const good of ['00', 'ff', '0080', 'ff7f', '00ff'])
    t.doesNotThrow(() => assertMinimalInteger(octets(good)));
});

t.test('INTEGERs of any size come back as they were', async () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 300n), max: 2n ** 300n }), (value) => {
      return bigintOf(read(asn1.integer(value))) === value;
    }),
    { numRuns: 100 },
  );
});

t.test('OBJECT IDENTIFIERs come back as they were, with UUID arcs too', async (t) => {
  const uuid = '2.25.329800735698586629295641978511506172918';
  for (const dotted of [
    '0.0',
    '0.39',
    '1.0',
    '1.39',
    '2.0',
    '2.39',
    '2.40',
    '2.999.364.1',
    uuid,
    `${uuid}.7.${2n ** 70n}`,
  ]) {
    t.equal(oidOf(read(asn1.oid(dotted))), dotted);
  }
  const edges = [2n ** 46n, 2n ** 47n, 2n ** 53n, 2n ** 60n].flatMap((edge) => [edge - 1n, edge, edge + 1n]);
  for (const arc of edges) {
    t.equal(oidOf(read(asn1.oid(`1.3.${arc}`))), `1.3.${arc}`);
    t.equal(oidOf(read(asn1.oid(`2.${arc}`))), `2.${arc}`);
  }
  // More than are kept, and each of them twice.
  for (let arc = 0; arc < 3_000; arc += 1) {
    const dotted = `1.3.9999.${arc % 1_500}`;
    if (oidOf(read(asn1.oid(dotted))) !== dotted) t.fail(dotted);
  }
  const arcs = fc.array(fc.bigInt({ min: 0n, max: 2n ** 128n }), { maxLength: 5 });
  const start = fc.oneof(
    fc.tuple(fc.constantFrom(0n, 1n), fc.bigInt(0n, 39n)),
    fc.tuple(fc.constant(2n), fc.bigInt(0n, 2n ** 64n)),
  );
  fc.assert(
    fc.property(start, arcs, (first, rest) => {
      const dotted = [...first, ...rest].join('.');
      return oidOf(read(asn1.oid(dotted))) === dotted;
    }),
    { numRuns: 100 },
  );
});

t.test('refuses OBJECT IDENTIFIERs that are cut off, padded or endless', async (t) => {
  const bad = ['', '80', '2a86', '2a864886', '2a8001', '8001', `2a${'ff'.repeat(20)}`];
  for (const contents of [...bad, 'ff'.repeat(20), `2a${'01'.repeat(128)}`]) {
    t.throws(() => oidOf(held(TAG.oid, contents)), malformed, contents);
  }
  t.throws(() => oidOf(held(TAG.oid, `8837${'ff'.repeat(9)}7f8001`)), malformed, 'padded after a big arc');
  t.equal(oidOf(held(TAG.oid, `2a${'01'.repeat(127)}`)).length, 3 + 127 * 2);
});

t.test('reads BIT STRING', async (t) => {
  t.same(bitsOf(held(TAG.bitString, '00')), { bytes: octets(''), unusedBits: 0 });
  t.same(bitsOf(held(TAG.bitString, '00 ff00')), { bytes: octets('ff00'), unusedBits: 0 });
  t.same(bitsOf(held(TAG.bitString, '07 80')), { bytes: octets('80'), unusedBits: 7 });
  t.same(bitOctetsOf(held(TAG.bitString, '00 0102')), octets('0102'));
  for (const bad of ['', '01', '07', '08 00', 'ff 00', '01 01', '07 ff', '04 0f', '01 0001']) {
    t.throws(() => bitsOf(held(TAG.bitString, bad)), malformed, bad);
  }
  t.throws(() => bitOctetsOf(held(TAG.bitString, '01 02')), malformed, 'a key or signature of 7 bits');
});

t.test('reads named bits', async (t) => {
  for (const bits of [[], [0], [7], [8], [0, 1, 6, 8], [15]])
    t.same(namedBitsOf(read(asn1.namedBits(bits))), bits);
  t.same(namedBitsOf(held(TAG.bitString, '00 8000')), [0], 'trailing zeros, which some write, say nothing');
  t.throws(
    () => namedBitsOf(held(TAG.bitString, '07 ff')),
    malformed,
    'bits beyond the end are not set silently',
  );
});

t.test('reads OCTET STRING, joined of its segments in BER', async (t) => {
  t.same(octetsOf(held(TAG.octetString, '0102')), octets('0102'));
  t.same(octetsOf(read(octets('2480 040101 240404020203 0400 0000'))), octets('010203'));
  t.same(octetsOf(read(octets('2400'))), octets(''));
  for (const bad of ['2403 020101', '2480 0500 0000', '2403 0402 01', '0500', '2a03 040101', '3003 040101']) {
    t.throws(() => octetsOf(read(octets(bad))), malformed, bad);
  }
});

t.test('a bomb of nested segments is refused, not followed', async (t) => {
  let bomb: Buffer = asn1.octetString(octets('01'));
  for (let i = 0; i < 500; i += 1) bomb = asn1.element(0x24, bomb);
  t.throws(() => octetsOf(read(bomb)), malformed);
});

t.test('reads each string type', async (t) => {
  const cases: [number, string, string][] = [
    [TAG.utf8String, 'd985d987d8b1', 'مهر'],
    [TAG.utf8String, 'f09fa9ba', '🩺'],
    [TAG.utf8String, 'efbfbd', '\ufffd'],
    [TAG.utf8String, 'efbbbf41', '\ufeffA'],
    [TAG.utf8String, '', ''],
    [TAG.printableString, '4952', 'IR'],
    [TAG.numericString, '3120', '1 '],
    [TAG.ia5String, '614062', 'a@b'],
    [TAG.visibleString, '7e', '~'],
    [TAG.teletexString, '4de9', 'Mé'],
    [TAG.bmpString, '06450647', 'مه'],
    [TAG.bmpString, 'd83ede7a', '🩺'],
    [TAG.universalString, '0001fa7a00000041', '🩺A'],
    [TAG.universalString, '', ''],
  ];
  for (const [tag, contents, text] of cases) {
    t.equal(textOf(held(tag, contents)), text);
    t.ok(isStringTag(tag));
  }
  for (const tag of [TAG.octetString, TAG.bitString, TAG.integer, TAG.utcTime, 0x80])
    t.notOk(isStringTag(tag));
});

t.test('refuses strings that are not what they say', async (t) => {
  const cases: [number, string][] = [
    [TAG.utf8String, 'c3'],
    [TAG.utf8String, 'c080'],
    [TAG.utf8String, 'eda080'],
    [TAG.utf8String, 'f4908080'],
    [TAG.utf8String, 'efbfbdff'],
    [TAG.printableString, 'e9'],
    [TAG.ia5String, '8061'],
    [TAG.bmpString, '064506'],
    [TAG.universalString, '000041'],
    [TAG.universalString, '00110000'],
    [TAG.universalString, '0000d800'],
    [TAG.octetString, '41'],
    [0x2c, '0c0141'],
  ];
  for (const [tag, contents] of cases)
    t.throws(() => textOf(held(tag, contents)), malformed, `${tag} ${contents}`);
});

t.test('UTF8Strings come back as they were', async () => {
  const characters = fc.oneof(
    fc.integer({ min: 0, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
  );
  const texts = fc.array(characters, { maxLength: 20 }).map((points) => String.fromCodePoint(...points));
  fc.assert(
    fc.property(texts, (text) => textOf(read(asn1.utf8String(text))) === text),
    { numRuns: 100 },
  );
});

const latin1 = (text: string) => Buffer.from(text, 'latin1');

t.test('reads times around the ends of UTCTime', async (t) => {
  const cases: [number, string, string][] = [
    [TAG.utcTime, '500101000000Z', '1950-01-01T00:00:00.000Z'],
    [TAG.utcTime, '991231235959Z', '1999-12-31T23:59:59.000Z'],
    [TAG.utcTime, '000101000000Z', '2000-01-01T00:00:00.000Z'],
    [TAG.utcTime, '491231235959Z', '2049-12-31T23:59:59.000Z'],
    [TAG.utcTime, '280229120000Z', '2028-02-29T12:00:00.000Z'],
    [TAG.generalizedTime, '19491231235959Z', '1949-12-31T23:59:59.000Z'],
    [TAG.generalizedTime, '20500101000000Z', '2050-01-01T00:00:00.000Z'],
    [TAG.generalizedTime, '20260615120000Z', '2026-06-15T12:00:00.000Z'],
    [TAG.generalizedTime, '99991231235959Z', '9999-12-31T23:59:59.000Z'],
    [TAG.generalizedTime, '00010101000000Z', '0001-01-01T00:00:00.000Z'],
    [TAG.generalizedTime, '00991231235959Z', '0099-12-31T23:59:59.000Z'],
    [TAG.generalizedTime, '20260615120000.5Z', '2026-06-15T12:00:00.500Z'],
    [TAG.generalizedTime, '20260615120000.29Z', '2026-06-15T12:00:00.290Z'],
    [TAG.generalizedTime, '20260615120000.0019Z', '2026-06-15T12:00:00.001Z'],
    [TAG.generalizedTime, '20260615120000.999999999Z', '2026-06-15T12:00:00.999Z'],
  ];
  for (const [tag, text, expected] of cases)
    t.equal(timeOf(held(tag, latin1(text))).toISOString(), expected, text);
});

t.test('refuses times that do not exist', async (t) => {
  const bad = ['260230', '260431', '261301', '260001', '260100', '270229'].map((day) => `${day}120000Z`);
  for (const text of [...bad, '260101240000Z', '260101126000Z', '260101125960Z']) {
    t.throws(() => timeOf(held(TAG.utcTime, latin1(text))), malformed, text);
    t.throws(() => timeOf(held(TAG.generalizedTime, latin1(`20${text}`))), malformed, `20${text}`);
  }
});

t.test('refuses times without seconds, with zones, or in another type', async (t) => {
  const cases: [number, string][] = [
    [TAG.utcTime, ''],
    [TAG.utcTime, '2606151200Z'],
    [TAG.utcTime, '260615120000'],
    [TAG.utcTime, '260615120000+0330'],
    [TAG.utcTime, '260615120000z'],
    [TAG.utcTime, '26061512000aZ'],
    [TAG.utcTime, '20260615120000Z'],
    [TAG.utcTime, '260615120000.5Z'],
    [TAG.utcTime, '260615120000Z\n'],
    [TAG.generalizedTime, '260615120000Z'],
    [TAG.generalizedTime, '20260615120000'],
    [TAG.generalizedTime, '20260615120000.Z'],
    [TAG.generalizedTime, '20260615120000.1234567890Z'],
    [TAG.generalizedTime, '20260615120000,5Z'],
    [TAG.generalizedTime, '-0260615120000Z'],
    [TAG.ia5String, '260615120000Z'],
  ];
  for (const [tag, text] of cases)
    t.throws(() => timeOf(held(tag, latin1(text))), malformed, JSON.stringify(text));
});

t.test('times come back as they were, to the second', async () => {
  const instants = fc.date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(instants, (instant) => {
      const seconds = Math.floor(instant.getTime() / 1000) * 1000;
      return timeOf(read(asn1.time(instant))).getTime() === seconds;
    }),
    { numRuns: 100 },
  );
});
