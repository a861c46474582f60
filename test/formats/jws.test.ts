import { generateKeyPairSync, sign } from 'node:crypto';

import fc from 'fast-check';
import t from 'tap';

import { decodeBase64, decodeBase64url } from '../../formats/jws/base64.ts';
import { ecdsaValueOf, joseEcdsaValue } from '../../formats/jws/ecdsa-value.ts';
import { FormatError } from '../../formats/format-error.ts';
import { parseJsonObject } from '../../formats/jws/json-value.ts';
import { jwsAlgorithmOf, jwsNameOf, verifyJws } from '../../formats/jws/jws-algorithm.ts';
import { JWS_OCTETS_MAX, readJws } from '../../formats/jws/read-jws.ts';
import { signedPayload, signingInput } from '../../formats/jws/signing-input.ts';
import { writeJws } from '../../formats/jws/write-jws.ts';

const MALFORMED = { name: 'FormatError', code: 'jws-malformed' };
const payload = Buffer.from('{"docId":"0000112233"}');

/** RFC 7515 appendix A.3: ES256 over the claims of a token. */
const RFC_7515_A_3 =
  'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.' +
  'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q';

t.test('reads the examples of RFC 7515', (t) => {
  const jws = readJws(Buffer.from(RFC_7515_A_3));
  t.match(jws, { serialization: 'compact', signatures: [{ protectedHeader: { alg: 'ES256' } }] });
  t.match(jws.payload?.toString(), /"iss":"joe"/);
  t.equal(jws.signatures[0].signature.length, 64);
  const [protectedText, payloadText, signature] = RFC_7515_A_3.split('.');
  const flattened = { payload: payloadText, protected: protectedText, header: { kid: 'e9bc' }, signature };
  // Appendix A.6 has the same signature in the general form, A.7 in the flattened one.
  for (const [serialization, document] of [
    ['flattened', flattened],
    ['general', { payload: payloadText, signatures: [{ ...flattened, payload: undefined }] }],
  ] as const) {
    const read = readJws(Buffer.from(JSON.stringify(document)));
    t.equal(read.serialization, serialization);
    t.same(read.payload, jws.payload);
    t.match(read.signatures[0], { unprotectedHeader: { kid: 'e9bc' }, signatureText: signature });
  }
  t.end();
});

t.test('signs what RFC 7515 and RFC 7797 say', (t) => {
  const [protectedText, payloadText] = RFC_7515_A_3.split('.');
  const octets = signingInput(protectedText, signedPayload(Buffer.from(payloadText, 'base64url'), true));
  t.equal(octets.toString(), `${protectedText}.${payloadText}`);
  // RFC 7797 §4.2: the payload `$.02` as it is.
  const unencoded = signingInput(
    'eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19',
    Buffer.from('$.02'),
  );
  t.equal(unencoded.toString(), 'eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.$.02');
  t.end();
});

t.test('what is no JWS is refused', (t) => {
  const header = encoded({ alg: 'ES256' });
  const refused: Record<string, string> = {
    nothing: '',
    'two parts': `${header}.AAAA`,
    'four parts': `${header}.AAAA.AAAA.AAAA`,
    'no header': `.AAAA.AAAA`,
    'padding in the header': `${Buffer.from('{"alg":"ES256" }').toString('base64')}.AAAA.AAAA`,
    'padding in the payload': `${header}.QQ==.AAAA`,
    'bits behind the payload': `${header}.QR.AAAA`,
    'a header that is no JSON': `${Buffer.from('alg').toString('base64url')}.AAAA.AAAA`,
    'a header that is a list': `${encoded(['ES256'])}.AAAA.AAAA`,
    'a header that is no UTF-8': `${Buffer.from('7b2261223a22ff227d', 'hex').toString('base64url')}.AAAA.AAAA`,
    'a name twice in the header': `${Buffer.from('{"alg":"ES256","alg":"none"}').toString('base64url')}.AAAA.AAAA`,
    'a name twice by an escape': `${Buffer.from('{"alg":"ES256","\\u0061lg":"none"}').toString('base64url')}.AAAA.AAAA`,
    'a name twice further down': `{"payload":"","protected":"${header}","signature":"AA","header":{"etsiU":[{"a":1,"a":2}]}}`,
    'JSON without a signature': '{"payload":"AAAA"}',
    'JSON with both forms': `{"payload":"AAAA","signature":"AAAA","signatures":[{"protected":"${header}","signature":"AAAA"}]}`,
    'no signatures': '{"payload":"AAAA","signatures":[]}',
    'too many signatures': JSON.stringify({
      payload: 'AAAA',
      signatures: Array(17).fill({ protected: header, signature: 'AA' }),
    }),
    'a payload that is no text': `{"payload":1,"protected":"${header}","signature":"AAAA"}`,
    'something behind the JSON': `{"payload":"AAAA","protected":"${header}","signature":"AAAA"} x`,
    'JSON that nests too deep': `{"payload":"AAAA","protected":"${header}","signature":"AAAA","x":${'['.repeat(40)}${']'.repeat(40)}}`,
  };
  for (const [name, text] of Object.entries(refused))
    t.throws(() => readJws(Buffer.from(text)), MALFORMED, name);
  t.throws(() => readJws(Buffer.alloc(JWS_OCTETS_MAX + 1, 'e')), MALFORMED, 'too long');
  t.end();
});

t.test('a header that cannot be honoured is a fault of its signature', (t) => {
  const faults: [object, object, RegExp][] = [
    [{ alg: 'ES256', crit: ['exp'], exp: 1 }, {}, /exp.*not understood/],
    [{ alg: 'ES256', crit: ['__proto__'] }, {}, /does not have/],
    [{ alg: 'ES256', crit: ['toString'] }, {}, /does not have/],
    [{ alg: 'ES256', crit: ['sigT'] }, {}, /does not have/],
    [{ alg: 'ES256', crit: [] }, {}, /empty/],
    [{ alg: 'ES256', crit: 'sigT', sigT: '' }, {}, /no list/],
    [{ alg: 'ES256', crit: ['sigT', 'sigT'], sigT: '' }, {}, /twice/],
    [{ alg: 'ES256', crit: ['alg'] }, {}, /every reader knows/],
    [{ alg: 'ES256', crit: [7] }, {}, /no text/],
    [{ alg: 'ES256', b64: false }, {}, /crit does not name it/],
    [{ alg: 'ES256', b64: 'false', crit: ['b64'] }, {}, /neither true nor false/],
    [{}, { alg: 'ES256' }, /unprotected header, where anybody/],
    [{ alg: 'ES256' }, { crit: ['sigT'], sigT: '' }, /crit stands in the unprotected/],
    [{ alg: 'ES256' }, { b64: false }, /b64 stands in the unprotected/],
    [{ alg: 'ES256', kid: '1' }, { kid: '2' }, /"kid" stands in the protected and/],
  ];
  for (const [protectedHeader, header, fault] of faults) {
    const good = { protected: encoded({ alg: 'ES256' }), signature: 'AAAA' };
    const bad = { protected: encoded(protectedHeader), header, signature: 'AAAA' };
    const jws = readJws(Buffer.from(JSON.stringify({ payload: 'AAAA', signatures: [good, bad] })));
    t.equal(jws.signatures[0].fault, undefined, 'the other signature is not touched');
    t.match(jws.signatures[1].fault, fault);
  }
  t.end();
});

t.test('one payload is not read in two ways', (t) => {
  const signatures = [{ alg: 'ES256' }, { alg: 'ES256', b64: false, crit: ['b64'] }];
  const document = {
    payload: 'AAAA',
    signatures: signatures.map((header) => ({ protected: encoded(header), signature: 'AAAA' })),
  };
  t.throws(() => readJws(Buffer.from(JSON.stringify(document))), MALFORMED);
  t.end();
});

t.test('reads what it writes, and writes only what can be read', (t) => {
  const unencoded = encoded({ alg: 'ES256', b64: false, crit: ['b64'] });
  const property = fc.property(
    fc.constantFrom('compact' as const, 'flattened' as const, 'general' as const),
    fc.boolean(),
    fc.uint8Array({ minLength: 1 }),
    fc.uint8Array({ minLength: 1 }),
    (serialization, isPayloadEncoded, payload, signature) => {
      const protectedText = isPayloadEncoded ? encoded({ alg: 'ES256' }) : unencoded;
      const jws = { serialization, payload, isPayloadEncoded, signatures: [{ protectedText, signature }] };
      let written: Buffer;
      try {
        written = writeJws(jws);
      } catch (cause) {
        return !isPayloadEncoded && cause instanceof FormatError;
      }
      const read = readJws(written);
      return (
        read.serialization === serialization &&
        read.payload?.equals(payload) === true &&
        read.signatures[0].signature.equals(signature)
      );
    },
  );
  fc.assert(property);
  t.throws(
    () =>
      writeJws({
        serialization: 'compact',
        payload,
        isPayloadEncoded: true,
        signatures: [{ protectedText: 'e30', signature: payload, unprotectedHeader: {} }],
      }),
    MALFORMED,
    'nothing stands beside a compact signature',
  );
  t.end();
});

t.test('whatever is sent is read or refused, soon', (t) => {
  const read = (bytes: Uint8Array) => {
    try {
      readJws(bytes);
    } catch (cause) {
      if (!(cause instanceof FormatError)) throw cause;
    }
  };
  const whole = Buffer.from(RFC_7515_A_3);
  for (let length = 0; length < whole.length; length += 1) read(whole.subarray(0, length));
  fc.assert(fc.property(fc.uint8Array(), read));
  fc.assert(fc.property(fc.json(), (text) => read(Buffer.from(text))));
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, octet) => {
      const changed = Buffer.from(whole);
      changed[at] = octet;
      read(changed);
    }),
  );
  read(Buffer.from(`{"signatures":${'['.repeat(2_000_000)}`));
  read(Buffer.from(`{"payload":"${'\\\\'.repeat(2_000_000)}","x":"`));
  t.throws(
    () =>
      parseJsonObject(
        Buffer.from(
          JSON.stringify({ x: Object.fromEntries(Array.from({ length: 20_001 }, (_, i) => [`n${i}`, 0])) }),
        ),
      ),
    MALFORMED,
  );
  t.end();
});

t.test('base64 has one text for each value', (t) => {
  for (const text of ['QQ', 'QUI', 'QUJD', '-_8']) t.equal(decodeBase64url(text).toString('base64url'), text);
  for (const text of ['QQ==', 'QR', 'Q', 'Q U', 'QQ\n', '+/8'])
    t.throws(() => decodeBase64url(text), MALFORMED, text);
  for (const text of ['QQ', 'QR==', 'QQ==\n', '-_8=']) t.throws(() => decodeBase64(text), MALFORMED, text);
  t.end();
});

t.test('ECDSA signatures are two numbers of fixed length, and none of them zero', (t) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const es256 = jwsAlgorithmOf('ES256')!;
  for (let round = 0; round < 50; round += 1) {
    const raw = sign('sha256', payload, { key: privateKey, dsaEncoding: 'ieee-p1363' });
    const value = ecdsaValueOf(raw, 32)!;
    t.same(joseEcdsaValue(value, 32), raw);
    t.ok(verifyJws(es256, publicKey, { octets: payload, signature: raw }));
    t.notOk(verifyJws(es256, publicKey, { octets: payload, signature: value }), 'DER is refused');
  }
  const one = Buffer.concat([Buffer.alloc(31), Buffer.of(1)]);
  const zero = Buffer.alloc(32);
  const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
  for (const [r, s] of [
    [zero, zero],
    [zero, one],
    [one, zero],
    [order, order],
    [order, one],
    [one, order],
  ])
    t.notOk(verifyJws(es256, publicKey, { octets: payload, signature: Buffer.concat([r, s]) }));
  for (const length of [0, 1, 63, 65, 96]) t.equal(ecdsaValueOf(Buffer.alloc(length, 1), 32), undefined);
  t.end();
});

t.test('an algorithm takes its own kind of key only', (t) => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keys = {
    rsa,
    p256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    p384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
    brainpool: generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' }),
  };
  t.equal(jwsAlgorithmOf('none'), undefined);
  t.equal(jwsAlgorithmOf('HS256'), undefined);
  t.equal(jwsAlgorithmOf('ES256K'), undefined);
  t.equal(jwsAlgorithmOf(undefined), undefined);
  for (const [name, { privateKey, publicKey }] of Object.entries(keys)) {
    const isRsa = name === 'rsa';
    const signature = sign(
      'sha256',
      payload,
      isRsa ? privateKey : { key: privateKey, dsaEncoding: 'ieee-p1363' },
    );
    const accepted = ['RS256', 'PS256', 'ES256', 'ES384', 'Ed25519'].filter((alg) =>
      verifyJws(jwsAlgorithmOf(alg)!, publicKey, { octets: payload, signature }),
    );
    t.strictSame(accepted, { rsa: ['RS256'], p256: ['ES256'] }[name] ?? [], name);
  }
  t.equal(jwsNameOf('ecdsa-sha256', keys.p256.publicKey), 'ES256');
  t.equal(jwsNameOf('ecdsa-sha256', keys.p384.publicKey), undefined);
  t.equal(jwsNameOf('ecdsa-sha256', keys.brainpool.publicKey), undefined);
  t.equal(jwsNameOf('rsa-pss-sha512', rsa.publicKey), 'PS512');
  t.equal(jwsNameOf('ml-dsa-65', rsa.publicKey), undefined);
  t.end();
});

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
