import 'reflect-metadata';

import { Name as PeculiarName } from '@peculiar/x509';
import { fromBER } from 'asn1js';
import * as pkijs from 'pkijs';
import fc from 'fast-check';
import t from 'tap';

import * as asn1 from '../../pki/der/encode.ts';
import { TAG } from '../../pki/der/tag.ts';
import {
  attributeOf,
  encodeName,
  nameKey,
  nameText,
  parseName,
  parseRepeatedName,
  sameName,
} from '../../pki/name.ts';
import type { Name, NameTemplate } from '../../pki/name.ts';
import { AT } from '../../pki/oid.ts';
import { runOpenssl } from '../support/run-openssl.ts';

const physician: NameTemplate = [
  { type: AT.countryName, value: 'IR' },
  { type: AT.organizationName, value: 'Non-Governmental' },
  { type: AT.surname, value: 'رضایی' },
  { type: AT.givenName, value: 'مینا' },
  { type: AT.serialNumber, value: '9990000001' },
  { type: AT.commonName, value: 'Mina Rezaei [Mobile Sign]' },
];

/** A name of one RDN for each list of attributes, encoded as told. */
function raw(...rdns: [type: string, value: Buffer][][]): Buffer {
  return asn1.sequence(
    ...rdns.map((rdn) => asn1.setOf(...rdn.map(([type, value]) => asn1.sequence(asn1.oid(type), value)))),
  );
}

const common = (value: Buffer): Name => parseName(raw([[AT.commonName, value]]));

t.test('writes what it reads', async (t) => {
  const name = parseName(encodeName(physician));
  t.same(name.bytes, encodeName(physician));
  t.same(
    name.rdns.map(([{ type, value }]) => ({ type, value })),
    physician,
  );
  t.equal(attributeOf(name, AT.surname), 'رضایی');
  t.equal(attributeOf(name, AT.localityName), undefined);
});

t.test('takes PrintableString and IA5String where X.520 demands them, UTF8String elsewhere', async (t) => {
  const name = parseName(
    encodeName([
      ...physician,
      { type: AT.emailAddress, value: 'a@b.ir' },
      { type: AT.domainComponent, value: 'ir' },
    ]),
  );
  const tags = [
    TAG.printableString,
    TAG.utf8String,
    TAG.utf8String,
    TAG.utf8String,
    TAG.printableString,
    TAG.utf8String,
  ];
  t.same(
    name.rdns.map(([{ tag }]) => tag),
    [...tags, TAG.ia5String, TAG.ia5String],
  );
  const printable = parseName(encodeName([{ type: AT.commonName, value: 'Root', form: 'printable' }]));
  t.equal(printable.rdns[0][0].tag, TAG.printableString);
});

t.test('asn1js, pkijs, @peculiar/x509 and openssl read the same name', async (t) => {
  const bytes = encodeName(physician);
  const { types, values } = pkijsName(bytes);
  t.same(
    types,
    physician.map(({ type }) => type),
  );
  t.same(
    values,
    physician.map(({ value }) => value),
  );
  const json = new PeculiarName(bytes).toJSON();
  t.same(
    json.flatMap((rdn) => Object.values(rdn).flat()),
    physician.map(({ value }) => value),
  );
  const cwd = t.testdir({ 'name.der': bytes });
  const dump = runOpenssl(['asn1parse', '-inform', 'DER', '-in', 'name.der'], { cwd }).toString();
  t.match(dump, /OBJECT +:surname\n.*UTF8STRING +:رضایی\n/);
  t.match(dump, /OBJECT +:countryName\n.*PRINTABLESTRING +:IR\n/);
});

function pkijsName(bytes: Buffer): { types: string[]; values: string[] } {
  const { typesAndValues } = new pkijs.RelativeDistinguishedNames({ schema: fromBER(bytes).result });
  const values = typesAndValues.map(
    ({ value }) => (value as unknown as { valueBlock: { value: string } }).valueBlock.value,
  );
  return { types: typesAndValues.map(({ type }) => type), values };
}

t.test('refuses values that their string type cannot hold', async (t) => {
  const cases: NameTemplate = [
    { type: AT.countryName, value: 'ایران' },
    { type: AT.serialNumber, value: '۹۹۹' },
    { type: AT.commonName, value: 'a@b', form: 'printable' },
    { type: AT.emailAddress, value: 'دکتر@example.ir' },
    { type: AT.emailAddress, value: 'a\n@example.ir' },
    { type: AT.commonName, value: 'half \ud83e' },
  ];
  for (const attribute of cases)
    t.throws(() => encodeName([attribute]), { code: 'name-malformed' }, attribute.value);
});

t.test('reads an empty name, and names with several attributes in one RDN', async (t) => {
  t.same(parseName(raw()).rdns, []);
  const both = parseName(
    raw([
      [AT.commonName, asn1.utf8String('Mina')],
      [AT.serialNumber, asn1.printableString('1')],
    ]),
  );
  t.equal(both.rdns.length, 1);
  t.equal(attributeOf(both, AT.serialNumber), '1');
  t.equal(nameText(both), 'serialNumber=1+CN=Mina', 'in the order of the SET');
});

t.test('reads values of every string type, and others in hex', async (t) => {
  t.equal(attributeOf(common(asn1.element(TAG.bmpString, Buffer.from('0645', 'hex'))), AT.commonName), 'م');
  t.equal(attributeOf(common(asn1.element(TAG.teletexString, Buffer.from('e9', 'hex'))), AT.commonName), 'é');
  t.equal(
    attributeOf(common(asn1.element(TAG.universalString, Buffer.from('00000645', 'hex'))), AT.commonName),
    'م',
  );
  const uniqueIdentifier = parseName(raw([['2.5.4.45', asn1.bitString(Buffer.from('a1', 'hex'))]]));
  t.match(uniqueIdentifier.rdns, [[{ type: '2.5.4.45', value: '#030200a1', tag: TAG.bitString }]]);
  t.equal(nameText(uniqueIdentifier), '2.5.4.45=#030200a1');
});

t.test('refuses what is no name', async (t) => {
  const one = asn1.sequence(asn1.oid(AT.commonName), asn1.utf8String('a'));
  const cases: [string, Buffer, string][] = [
    ['empty RDN', asn1.sequence(asn1.setOf()), 'name-malformed'],
    ['65 RDNs', asn1.sequence(...Array.from({ length: 65 }, () => asn1.setOf(one))), 'name-malformed'],
    ['RDN is no SET', asn1.sequence(asn1.sequence(one)), 'der-malformed'],
    [
      'attribute without a value',
      asn1.sequence(asn1.setOf(asn1.sequence(asn1.oid(AT.commonName)))),
      'der-malformed',
    ],
    [
      'attribute with two values',
      asn1.sequence(asn1.setOf(asn1.sequence(asn1.oid('2.5.4.3'), one, one))),
      'der-malformed',
    ],
    ['trailing octets', Buffer.concat([raw(), asn1.NULL]), 'der-malformed'],
    ['no UTF-8', raw([[AT.commonName, asn1.element(TAG.utf8String, Buffer.from([0xff]))]]), 'der-malformed'],
    ['nothing', Buffer.alloc(0), 'der-malformed'],
  ];
  for (const [name, bytes, code] of cases) t.throws(() => parseName(bytes), { code }, name);
  t.doesNotThrow(() => parseName(asn1.sequence(...Array.from({ length: 64 }, () => asn1.setOf(one)))));
});

t.test('indefinite lengths are read in BER and refused in DER', async (t) => {
  const bytes = Buffer.from('3080 3180 3080 0603550403 0c0141 0000 0000 0000'.replaceAll(' ', ''), 'hex');
  t.equal(attributeOf(parseName(bytes, 'ber'), AT.commonName), 'A');
  t.throws(() => parseName(bytes), { code: 'der-malformed' });
});

t.test('names match by their text, not by their bytes', async (t) => {
  const same: [string, string][] = [
    ['Mina Rezaei', 'MINA REZAEI'],
    ['Mina Rezaei', '  Mina \t Rezaei '],
    ['ﬁ', 'FI'],
    ['می‌نا', 'مینا'],
    ['Mina\u00ad', 'mi\u200bna'],
    ['Mina\u0085Rezaei', 'Mina Rezaei'],
    ['Mina\u0000', 'Mina'],
    ['e\u0301', '\u00c9'],
    ['', '  '],
  ];
  const text = (value: string) => common(asn1.utf8String(value));
  for (const [a, b] of same) t.ok(sameName(text(a), text(b)), JSON.stringify([a, b]));
  for (const [a, b] of [
    ['Mina', 'Minu'],
    ['a b', 'ab'],
    ['ي', 'ی'],
    ['a', 'a"'],
  ]) {
    t.notOk(sameName(text(a), text(b)), JSON.stringify([a, b]));
  }
});

t.test('string types do not matter, attribute types, order and grouping do', async (t) => {
  const [utf8, printable] = [asn1.utf8String('Root'), asn1.printableString('ROOT')];
  t.ok(sameName(common(utf8), common(printable)));
  t.notOk(sameName(common(utf8), parseName(raw([[AT.organizationName, utf8]]))));
  const [c, o] = [
    [AT.commonName, utf8],
    [AT.organizationName, printable],
  ] as const;
  const key = (...rdns: Parameters<typeof raw>) => nameKey(parseName(raw(...rdns)));
  t.not(key([[...c]], [[...o]]), key([[...o]], [[...c]]), 'the order of RDNs');
  t.not(key([[...c], [...o]]), key([[...c]], [[...o]]), 'one RDN or two');
  const unsorted = asn1.sequence(
    asn1.element(TAG.set, asn1.sequence(asn1.oid(o[0]), o[1]), asn1.sequence(asn1.oid(c[0]), c[1])),
  );
  t.equal(nameKey(parseName(unsorted)), key([[...c], [...o]]), 'the members of an RDN in any order');
});

t.test('no value can imitate the separators of a key', async (t) => {
  const imitation = common(asn1.utf8String('a"/2.5.4.10="b'));
  const real = parseName(
    raw([[AT.commonName, asn1.utf8String('a')]], [[AT.organizationName, asn1.utf8String('b')]]),
  );
  t.notOk(sameName(imitation, real));
  const bits = parseName(raw([['2.5.4.45', asn1.bitString(Buffer.from([1]))]]));
  t.notOk(sameName(bits, parseName(raw([['2.5.4.45', asn1.utf8String('#03020001')]]))));
});

t.test('shows a name in its order, and lets it forge no line and no attribute', async (t) => {
  t.equal(
    nameText(parseName(encodeName(physician))),
    'C=IR, O=Non-Governmental, SN=رضایی, GN=مینا, serialNumber=9990000001, CN=Mina Rezaei [Mobile Sign]',
  );
  t.equal(nameText(common(asn1.utf8String('a, O=b+c\\'))), 'CN=a\\, O\\=b\\+c\\\\');
  t.equal(nameText(common(asn1.utf8String('a\r\nrevoked\0\u0085'))), 'CN=a\\0d\\0arevoked\\00\\c285');
});

t.test('any text comes back as it was', async () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 6 }), (values) => {
      const name = parseName(encodeName(values.map((value) => ({ type: AT.commonName, value }))));
      return sameName(name, name) && name.rdns.every(([{ value }], i) => value === values[i]);
    }),
    { numRuns: 100 },
  );
});

t.test('a name that comes again is the one that was read, whatever came between', async (t) => {
  const bytes = encodeName(physician);
  const first = parseRepeatedName(bytes);
  t.strictSame(first, parseName(bytes));
  t.equal(parseRepeatedName(Buffer.from(bytes)), first, 'not read again');
  for (let other = 0; other < 10; other += 1) {
    const name = parseRepeatedName(encodeName([{ type: AT.commonName, value: `CA ${other}` }]));
    t.equal(attributeOf(name, AT.commonName), `CA ${other}`);
  }
  t.strictSame(parseRepeatedName(bytes), first, 'read anew, and the same');
  t.throws(() => parseRepeatedName(Buffer.from([0x31, 0x00])), { code: 'der-malformed' });
});
