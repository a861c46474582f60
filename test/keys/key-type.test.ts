import { generateKeyPairSync } from 'node:crypto';

import t from 'tap';

import { algorithmOf, keyTypeOf } from '../../keys/key-type.ts';
import { KEY_TYPES } from '../../pki/key-type.ts';
import { SIGNATURE_SCHEMES } from '../../pki/signature-algorithm.ts';

t.test('names public and private keys by their type', async (t) => {
  const keys = {
    'p-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    'p-384': generateKeyPairSync('ec', { namedCurve: 'P-384' }),
    brainpoolP256r1: generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' }),
    ed25519: generateKeyPairSync('ed25519'),
    'rsa-2048': generateKeyPairSync('rsa', { modulusLength: 2048 }),
  };
  for (const [keyType, { publicKey, privateKey }] of Object.entries(keys)) {
    t.equal(keyTypeOf(publicKey), keyType);
    t.equal(keyTypeOf(privateKey), keyType);
  }
});

t.test('has no name for keys that nobody here makes or certifies', async (t) => {
  t.equal(keyTypeOf(generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey), undefined);
  t.equal(keyTypeOf(generateKeyPairSync('x25519').publicKey), undefined);
  t.equal(keyTypeOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey), undefined);
  t.equal(keyTypeOf(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey), undefined);
});

t.test('gives each type a default algorithm, and others only where the key can', async (t) => {
  for (const keyType of KEY_TYPES) t.ok(SIGNATURE_SCHEMES[algorithmOf(keyType)], keyType);
  t.equal(algorithmOf('p-384'), 'ecdsa-sha384');
  t.equal(algorithmOf('rsa-3072', 'rsa-pss-sha512'), 'rsa-pss-sha512');
  t.throws(() => algorithmOf('p-256', 'rsa-sha256'), { code: 'algorithm-mismatch' });
  t.throws(() => algorithmOf('ed25519', 'ecdsa-sha256'), { code: 'algorithm-mismatch' });
});
