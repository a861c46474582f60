import { generateKeyPairSync } from 'node:crypto';

import t from 'tap';

import { KeyError } from '../../keys/key-error.ts';
import { assertSignerMatches, possessionChallenge } from '../../keys/prove-possession.ts';
import { openWhole } from '../../pki/der/decode.ts';
import { memorySigner } from '../support/memory-signer.ts';

t.test('a signer with the key passes', async (t) => {
  const signer = memorySigner();
  await t.resolves(assertSignerMatches(signer, signer.subjectPublicKeyInfo));
  const { privateKey } = generateKeyPairSync('ed25519');
  const edSigner = memorySigner(privateKey, 'ed25519');
  await t.resolves(assertSignerMatches(edSigner, edSigner.subjectPublicKeyInfo));
});

t.test('a signer with another key is refused, of the same type or not', async (t) => {
  const signer = memorySigner();
  await t.rejects(assertSignerMatches(signer, memorySigner().subjectPublicKeyInfo), { code: 'key-mismatch' });
  const ed = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' });
  await t.rejects(assertSignerMatches(signer, ed), { code: 'key-mismatch' });
});

t.test('a signer that only claims the key is refused', async (t) => {
  const { subjectPublicKeyInfo } = memorySigner();
  const impostor = { ...memorySigner(), subjectPublicKeyInfo };
  await t.rejects(assertSignerMatches(impostor, subjectPublicKeyInfo), { code: 'key-mismatch' });
  const replay = { ...memorySigner(), sign: async () => Buffer.alloc(70) };
  await t.rejects(assertSignerMatches(replay, replay.subjectPublicKeyInfo), { code: 'key-mismatch' });
});

t.test('a signer that is away is not called a mismatch', async (t) => {
  const away = { ...memorySigner(), sign: () => Promise.reject(new KeyError('key-unavailable', 'no token')) };
  await t.rejects(assertSignerMatches(away, away.subjectPublicKeyInfo), { code: 'key-unavailable' });
});

t.test('what is signed is fresh, and nothing that anyone would take for a document', async (t) => {
  t.notSame(possessionChallenge(), possessionChallenge());
  t.throws(() => openWhole(possessionChallenge()), { code: 'der-malformed' });
  t.throws(() => openWhole(possessionChallenge(), 0x31), { code: 'der-malformed' });
});
