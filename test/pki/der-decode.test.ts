import fc from 'fast-check';
import t from 'tap';

import { Cursor, openWhole } from '../../pki/der/decode.ts';
import type { EncodingRules } from '../../pki/der/decode.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { TAG, context, contextPrimitive } from '../../pki/der/tag.ts';
import { PkiError } from '../../pki/pki-error.ts';

const der = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const malformed = { name: 'PkiError', code: 'der-malformed' };

t.test('reads elements one after the other', async (t) => {
  const cursor = new Cursor(der('0500 020105 3003020107'));
  t.notOk(cursor.atEnd);
  t.equal(cursor.peek(), TAG.null);
  t.match(cursor.next(), { tag: TAG.null, bytes: der('0500'), content: der(''), depth: 0 });
  t.match(cursor.read(TAG.integer), { bytes: der('020105'), content: der('05') });
  t.equal(cursor.rest.toString('hex'), '3003020107');
  const inner = cursor.into(TAG.sequence);
  t.match(inner.next(), { tag: TAG.integer, bytes: der('020107'), content: der('07'), depth: 1 });
  inner.end();
  cursor.end();
  t.ok(cursor.atEnd && inner.atEnd);
  t.equal(cursor.peek(), -1);
  t.equal(cursor.rest.length, 0);
});

t.test('reads a Uint8Array that is a window on a larger buffer', async (t) => {
  const buffer = new Uint8Array([0xff, 0x04, 0x01, 0x61, 0xff]).buffer;
  const cursor = new Cursor(new Uint8Array(buffer, 1, 3));
  t.equal(cursor.read(TAG.octetString).content.toString(), 'a');
  cursor.end();
});

t.test('an inner cursor ends with its element, whatever follows', async (t) => {
  const outer = new Cursor(der('3002 0403 616263'));
  const inner = outer.into(TAG.sequence);
  t.throws(() => inner.next(), malformed);
  t.equal(inner.rest.toString('hex'), '0403');
  t.equal(outer.rest.toString('hex'), '616263');
});

t.test('optional elements are taken when they are next', async (t) => {
  const cursor = new Cursor(der('a003020101 8101ff 05 00'));
  t.equal(cursor.readOptional(contextPrimitive(1)), undefined);
  t.equal(cursor.intoOptional(context(1)), undefined);
  t.equal(cursor.intoOptional(context(0))?.read(TAG.integer).content.toString('hex'), '01');
  t.equal(cursor.readOptional(contextPrimitive(1))?.content.toString('hex'), 'ff');
  t.equal([...cursor.elements()].length, 1);
  t.equal(cursor.readOptional(TAG.null), undefined, 'at the end');
});

t.test('tags of several octets are told apart', async (t) => {
  // [701] and [702] EXPLICIT, as in Android key attestation.
  const cursor = new Cursor(der('bf853d 020500 bf853e 020500'));
  t.equal(cursor.peek(), 0xbf);
  t.equal(cursor.readOptional(0xbf853e), undefined);
  t.match(cursor.readOptional(0xbf853d), { tag: 0xbf853d, content: der('0500') });
  t.throws(() => cursor.read(0xbf853d), malformed);
  t.equal(new Cursor(der('bf853e020500')).into(0xbf853e).read(TAG.null).depth, 1);
  t.match(new Cursor(der('1f1f 00')).next(), { tag: 0x1f1f });
  t.match(new Cursor(der('9fffff7f 00')).next(), { tag: 0x9fffff7f });
});

t.test('refuses tag numbers that are cut off, too large or not in their shortest form', async (t) => {
  for (const bad of [
    '1f',
    '1f81',
    '1f8181',
    '1f81818100',
    '1fffffff7f00',
    '1f8001 00',
    '1f1e00',
    '1f0000',
    'bf00 00',
  ]) {
    for (const rules of ['der', 'ber'] as const)
      t.throws(() => new Cursor(der(bad), rules).next(), malformed, bad);
  }
});

t.test('reads each length in its shortest form', async (t) => {
  for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536, 16_777_216]) {
    const cursor = new Cursor(asn1.octetString(Buffer.alloc(length)));
    t.equal(cursor.read(TAG.octetString).content.length, length);
    t.ok(cursor.atEnd);
  }
});

t.test('refuses lengths that DER does not know', async (t) => {
  const cases: [string, string][] = [
    ['one octet too many', '04 8101 61'],
    ['127 in two', `04 817f ${'61'.repeat(127)}`],
    ['a leading zero', `04 820080 ${'61'.repeat(128)}`],
    ['zero as 8100', '04 8100'],
    ['255 in three', `04 8200ff ${'61'.repeat(255)}`],
    ['indefinite', '30 80 0500 0000'],
  ];
  for (const [name, bad] of cases) {
    t.throws(() => new Cursor(der(bad)).next(), malformed, name);
    t.ok(new Cursor(der(bad), 'ber').next(), `${name} is BER`);
  }
});

t.test('refuses lengths that are cut off, reserved or longer than the input', async (t) => {
  t.throws(() => new Cursor(der('')).next(), malformed, 'nothing');
  for (const bad of [
    '04',
    '0401',
    '0481',
    '048180',
    '0482ffff00',
    '0484ffffffff',
    '04850000000001ff',
    '04ff',
    '30020401',
  ]) {
    for (const rules of ['der', 'ber'] as const) {
      t.throws(() => drain(new Cursor(der(bad), rules)), malformed, `${bad} in ${rules}`);
    }
  }
});

t.test('says which tag was expected and what was found', async (t) => {
  t.throws(() => new Cursor(der('0500')).read(TAG.integer), {
    ...malformed,
    detail: 'expected tag 0x02, found 0x05',
  });
  t.throws(() => new Cursor(der('')).read(TAG.integer), {
    ...malformed,
    detail: 'expected tag 0x02, found the end',
  });
  t.throws(() => new Cursor(der('050005')).end(), malformed);
});

t.test('opens an element only when it fills the input', async (t) => {
  t.ok(openWhole(der('3000')).atEnd);
  t.ok(openWhole(der('3100'), TAG.set).atEnd);
  t.throws(() => openWhole(der('300000')), malformed);
  t.throws(() => openWhole(der('3100')), malformed);
  t.throws(() => openWhole(der('1000')), malformed, 'a primitive SEQUENCE');
  t.throws(() => openWhole(der('3080 0000')), malformed);
  t.ok(openWhole(der('3080 0000'), TAG.sequence, 'ber').atEnd);
});

t.test('reads indefinite lengths in BER', async (t) => {
  const cursor = new Cursor(der('3080 020101 2480 040161 040162 0000 a080 0000 0000 0500'), 'ber');
  const outer = cursor.read(TAG.sequence);
  t.equal(
    outer.bytes.subarray(-2).toString('hex'),
    '0000',
    'the end-of-contents octets belong to the element',
  );
  t.equal(outer.content.toString('hex'), '0201012480040161040162' + '0000a0800000');
  const inner = cursor.open(outer);
  t.equal(inner.read(TAG.integer).content[0], 1);
  t.equal(inner.into(0x24).read(TAG.octetString).content.toString(), 'a');
  t.ok(inner.into(context(0)).atEnd);
  inner.end();
  cursor.read(TAG.null);
  cursor.end();
});

t.test('zeros inside a definite element do not end an indefinite one', async (t) => {
  const cursor = new Cursor(der('3080 0404 00000000 0000'), 'ber');
  t.equal(cursor.into(TAG.sequence).read(TAG.octetString).content.length, 4);
  cursor.end();
});

t.test('refuses indefinite lengths without an end, and of primitives', async (t) => {
  for (const bad of [
    '3080',
    '308000',
    '30800500',
    '3080050000',
    '0480 0000',
    '308004800000 0000',
    '1f1f80 0000',
  ]) {
    t.throws(() => drain(new Cursor(der(bad), 'ber')), malformed, bad);
  }
  const inner = new Cursor(der('3004 3080 0500 0000'), 'ber').into(TAG.sequence);
  t.throws(() => inner.next(), malformed, 'an end that lies outside of the parent');
});

t.test('nests 64 levels and no more', async (t) => {
  const nested = (levels: number) => {
    let bytes: Buffer = Buffer.alloc(0);
    for (let i = 0; i < levels; i += 1) bytes = asn1.sequence(bytes);
    return bytes;
  };
  const descend = (bytes: Buffer, rules: EncodingRules) => {
    let cursor = new Cursor(bytes, rules);
    while (!cursor.atEnd) cursor = cursor.into(TAG.sequence);
  };
  for (const rules of ['der', 'ber'] as const) {
    t.doesNotThrow(() => descend(nested(64), rules));
    t.throws(() => descend(nested(65), rules), malformed);
  }
});

t.test('a bomb of indefinite lengths is refused, not followed', async (t) => {
  for (const levels of [100, 1_000_000]) {
    const bomb = Buffer.alloc(levels * 2, der('3080'));
    t.throws(() => new Cursor(bomb, 'ber').next(), malformed, `${levels} levels`);
    t.throws(() => new Cursor(bomb).next(), malformed);
  }
  const sixty = Buffer.concat([Buffer.alloc(120, der('3080')), Buffer.alloc(120)]);
  t.doesNotThrow(() => drain(new Cursor(sixty, 'ber')));
});

t.test('random octets give elements or der-malformed, nothing else', async () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom<EncodingRules>('der', 'ber'),
      (bytes, rules) => {
        try {
          drain(new Cursor(bytes, rules));
        } catch (error) {
          return error instanceof PkiError && error.code === 'der-malformed';
        }
        return true;
      },
    ),
    { numRuns: 1000 },
  );
});

t.test('what the writer writes is read back in the same pieces', async () => {
  const leaf = fc.uint8Array({ maxLength: 300 }).map((bytes) => asn1.octetString(bytes));
  fc.assert(
    fc.property(fc.array(leaf, { maxLength: 5 }), fc.nat({ max: 30 }), (leaves, tag) => {
      const bytes = asn1.explicit(tag, asn1.sequence(...leaves));
      const read = [...openWhole(bytes, context(tag)).into(TAG.sequence).elements()];
      return read.length === leaves.length && read.every((element, i) => element.bytes.equals(leaves[i]));
    }),
    { numRuns: 200 },
  );
});

/** Reads all there is, into constructed elements too. */
function drain(cursor: Cursor): void {
  while (!cursor.atEnd) {
    const element = cursor.next();
    if (element.bytes[0] & 0x20) drain(cursor.open(element));
  }
}
