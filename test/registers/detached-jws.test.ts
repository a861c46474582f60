import { createHmac, generateKeyPairSync, sign } from 'node:crypto';

import fc from 'fast-check';
import t from 'tap';

import { makeRegisterKeys, publicKeysOf } from '../../cli/registers/register-keys.ts';
import { JWS_TYPES, JwsVerifier, signDetachedJws } from '../../registers/detached-jws.ts';

const BODY = Buffer.from('{"messageId":"1"}');
const keys = makeRegisterKeys();
const key = keys['medical-council'];
const verifier = await JwsVerifier.of(publicKeysOf(keys), 'medical-council', JWS_TYPES.licenceMessage);
const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

t.test('what is signed is verified, with its key and time', async (t) => {
  const signedAt = new Date('2026-11-24T08:00:00Z');
  const jws = await signDetachedJws(BODY, key, JWS_TYPES.licenceMessage, signedAt);
  t.strictSame(await verifier.verify(BODY, jws), { keyId: key.kid, signedAt });
});

t.test('node:crypto signs Ed25519 by RFC 8037, and it is verified', async (t) => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const jwk = {
    ...publicKey.export({ format: 'jwk' }),
    kid: 'ed',
    alg: 'EdDSA',
    register: 'medical-council',
  };
  const other = await JwsVerifier.of({ keys: [jwk] }, 'medical-council', JWS_TYPES.licenceMessage);
  const header = base64url({ alg: 'EdDSA', kid: 'ed', typ: JWS_TYPES.licenceMessage });
  const signature = sign(null, Buffer.from(`${header}.${BODY.toString('base64url')}`), privateKey);
  t.match(await other.verify(BODY, `${header}..${signature.toString('base64url')}`), { keyId: 'ed' });
  t.equal(await other.verify(Buffer.from('{}'), `${header}..${signature.toString('base64url')}`), undefined);
});

t.test('everything else is not signed', async (t) => {
  const good = await signDetachedJws(BODY, key, JWS_TYPES.licenceMessage);
  const [header, , signature] = good.split('.');
  const publicOctets = Buffer.from(JSON.stringify(publicKeysOf(keys).keys[0]));
  const hs256 = base64url({ alg: 'HS256', kid: key.kid, typ: JWS_TYPES.licenceMessage });
  const mac = createHmac('sha256', publicOctets)
    .update(`${hs256}.${BODY.toString('base64url')}`)
    .digest();
  const none = base64url({ alg: 'none', kid: key.kid, typ: JWS_TYPES.licenceMessage });
  const wrong: [name: string, jws: string | undefined][] = [
    ['nothing', undefined],
    ['an empty text', ''],
    ['only dots', '..'],
    ['an attached payload', `${header}.${BODY.toString('base64url')}.${signature}`],
    ['a fourth part', `${good}.x`],
    ['no signature', `${header}..`],
    ['alg none', `${none}..`],
    ['alg none with a signature', `${none}..${signature}`],
    ['a MAC with the public key', `${hs256}..${mac.toString('base64url')}`],
    ['a signature of an answer', await signDetachedJws(BODY, key, JWS_TYPES.answer)],
    ['the key of another register', await signDetachedJws(BODY, keys.shahkar, JWS_TYPES.licenceMessage)],
    [
      'another key under the same name',
      await signDetachedJws(BODY, makeRegisterKeys()['medical-council'], JWS_TYPES.licenceMessage),
    ],
    ['a header beyond all measure', `${header}..${'A'.repeat(5_000)}`],
  ];
  for (const [name, jws] of wrong) t.equal(await verifier.verify(BODY, jws), undefined, name);
  t.equal(await verifier.verify(Buffer.concat([BODY, Buffer.from(' ')]), good), undefined, 'one octet more');
});

t.test('no text throws', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), fc.string(), async (head, tail) => {
      if ((await verifier.verify(BODY, `${head}..${tail}`)) !== undefined) throw new Error('verified');
    }),
    { numRuns: 200 },
  );
});

t.test('a JWK set that would weaken it is refused', async (t) => {
  const [good] = publicKeysOf(keys).keys;
  const sets: [name: string, set: unknown][] = [
    ['no set', []],
    ['null', null],
    ['a private key', { keys: [key] }],
    ['a shared secret', { keys: [{ ...good, kty: 'oct', k: 'AAAA', alg: 'HS256' }] }],
    ['no kid', { keys: [{ ...good, kid: undefined }] }],
    ['no alg', { keys: [{ ...good, alg: undefined }] }],
    ['one kid twice', { keys: [good, good] }],
    ['a point that is none', { keys: [{ ...good, x: good.y }] }],
  ];
  for (const [name, set] of sets)
    await t.rejects(
      JwsVerifier.of(set, 'medical-council', JWS_TYPES.answer),
      { code: 'register-keys-malformed' },
      name,
    );
});
