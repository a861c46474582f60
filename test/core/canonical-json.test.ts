import fc from 'fast-check';
import t from 'tap';

import { canonicalJson } from '../../core/canonical-json.ts';

const refusal = { code: 'json-not-canonicalizable' };

t.test('writes the sample of RFC 8785 §3.2.2 and its bytes of §3.2.4', async (t) => {
  const value: unknown = JSON.parse(`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
    "literals": [null, true, false]
  }`);
  const canonical =
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
    '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}';
  t.equal(canonicalJson(value), canonical);
  const hex = Buffer.from(canonicalJson(value)).toString('hex');
  t.ok(hex.startsWith('7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a'));
  t.ok(hex.endsWith('22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d'));
});

t.test('sorts names by UTF-16 code units, RFC 8785 §3.2.3', async (t) => {
  const value = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  };
  const order = [...canonicalJson(value).matchAll(/:"([^"]+)"/g)].map(([, name]) => name);
  t.same(order, [
    'Carriage Return',
    'One',
    'Control',
    'Latin Small Letter O With Diaeresis',
    'Euro Sign',
    'Emoji: Grinning Face',
    'Hebrew Letter Dalet With Dagesh',
  ]);
  t.equal(
    canonicalJson({ '10': 1, '9': 2, a: 3 }),
    '{"10":1,"9":2,"a":3}',
    'integer names have no order of their own',
  );
});

t.test('writes the numbers of RFC 8785 appendix B', async (t) => {
  const numbers: Readonly<Record<string, string>> = {
    '0000000000000000': '0',
    '8000000000000000': '0',
    '0000000000000001': '5e-324',
    '8000000000000001': '-5e-324',
    '7fefffffffffffff': '1.7976931348623157e+308',
    ffefffffffffffff: '-1.7976931348623157e+308',
    '4340000000000000': '9007199254740992',
    c340000000000000: '-9007199254740992',
    '4430000000000000': '295147905179352830000',
    '44b52d02c7e14af5': '9.999999999999997e+22',
    '44b52d02c7e14af6': '1e+23',
    '44b52d02c7e14af7': '1.0000000000000001e+23',
    '444b1ae4d6e2ef4e': '999999999999999700000',
    '444b1ae4d6e2ef4f': '999999999999999900000',
    '444b1ae4d6e2ef50': '1e+21',
    '3eb0c6f7a0b5ed8c': '9.999999999999997e-7',
    '3eb0c6f7a0b5ed8d': '0.000001',
    '41b3de4355555553': '333333333.3333332',
    '41b3de4355555554': '333333333.33333325',
    '41b3de4355555555': '333333333.3333333',
    '41b3de4355555556': '333333333.3333334',
    '41b3de4355555557': '333333333.33333343',
    becbf647612f3696: '-0.0000033333333333333333',
    '43143ff3c1cb0959': '1424953923781206.2',
  };
  for (const [ieee, expected] of Object.entries(numbers))
    t.equal(canonicalJson(fromIeee(ieee)), expected, ieee);
  t.throws(() => canonicalJson(fromIeee('7fffffffffffffff')), refusal, 'NaN');
  t.throws(() => canonicalJson(fromIeee('7ff0000000000000')), refusal, 'Infinity');
  t.throws(() => canonicalJson(fromIeee('fff0000000000000')), refusal, '-Infinity');
});

t.test('writes empty and nested values without blanks, and leaves Persian text as it is', async (t) => {
  t.equal(canonicalJson({ b: [], a: {}, c: [{}, [null]] }), '{"a":{},"b":[],"c":[{},[null]]}');
  t.equal(canonicalJson({ نام: 'علی\u200cاکبر' }), '{"نام":"علی\u200cاکبر"}');
  t.equal(
    canonicalJson('\b\t\n\f\r"\\/\u0000\u001f\u007f\u2028'),
    '"\\b\\t\\n\\f\\r\\"\\\\/\\u0000\\u001f\u007f\u2028"',
  );
  t.equal(
    canonicalJson(Object.assign(Object.create(null), { a: 1 })),
    '{"a":1}',
    'an object without prototype',
  );
  t.equal(canonicalJson(JSON.parse('{"__proto__":{"x":1},"a":2}')), '{"__proto__":{"x":1},"a":2}');
});

t.test('refuses what JSON cannot carry, wherever it stands', async (t) => {
  const bad: Readonly<Record<string, unknown>> = {
    undefined: undefined,
    function: () => 1,
    symbol: Symbol('x'),
    bigint: 1n,
    'lone high surrogate': 'a\ud800',
    'lone low surrogate': '\udc00a',
    'swapped surrogates': '\udc00\ud800',
    date: new Date(0),
    map: new Map(),
    bytes: new Uint8Array(1),
    'boxed string': Object('a') as unknown,
    'class instance': new (class Sample {})(),
    hole: new Array(1),
  };
  for (const [name, value] of Object.entries(bad)) {
    t.throws(() => canonicalJson(value), refusal, name);
    t.throws(() => canonicalJson([value]), refusal, `${name} in an array`);
    t.throws(() => canonicalJson({ a: value }), refusal, `${name} as a member`);
  }
  t.throws(() => canonicalJson({ 'a\ud800': 1 }), refusal, 'a lone surrogate in a name');
});

t.test('writes 128 levels and refuses the 129th and a circle', async (t) => {
  t.equal(canonicalJson(nested(128)), '['.repeat(128) + ']'.repeat(128));
  t.throws(() => canonicalJson(nested(129)), refusal);
  const circle: unknown[] = [];
  circle.push(circle);
  t.throws(() => canonicalJson(circle), refusal);
});

t.test('gives back the value, does not depend on member order, and is its own canonical form', async (t) => {
  const wellFormed = fc.string({ unit: 'grapheme' });
  const json = fc.jsonValue({ maxDepth: 4, stringUnit: 'grapheme' });
  fc.assert(
    fc.property(fc.dictionary(wellFormed, json), (value) => {
      const canonical = canonicalJson(value);
      const reversed = Object.fromEntries(Object.entries(value).reverse());
      const again: unknown = JSON.parse(canonical);
      return canonicalJson(reversed) === canonical && canonicalJson(again) === canonical;
    }),
  );
  fc.assert(
    fc.property(json, (value) => {
      // JSON has no -0.
      t.strictSame(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 20 },
  );
});

function fromIeee(hex: string): number {
  return Buffer.from(hex, 'hex').readDoubleBE();
}

function nested(levels: number): unknown {
  let value: unknown[] = [];
  for (let level = 1; level < levels; level++) value = [value];
  return value;
}
