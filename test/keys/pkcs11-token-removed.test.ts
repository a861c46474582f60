import t from 'tap';

import { generateTokenKey } from '../../keys/generate-token-key.ts';
import type { KeyError } from '../../keys/key-error.ts';
import { openPkcs11Signer } from '../../keys/pkcs11-signer.ts';
import { loadCryptoki } from '../../keys/pkcs11/cryptoki.ts';
import { importPublicKey } from '../../pki/public-key.ts';
import { SIGNATURE_SCHEMES, verifySignature } from '../../pki/signature-algorithm.ts';
import { SOFTHSM_MODULE, softToken } from '../support/soft-token.ts';

// SoftHSM itself: what a token does that is pulled out, and a session that somebody else closed.

const token = softToken(t);
const message = Buffer.from('message');
const uri = token.uri('ca');
await generateTokenKey({ uri, keyType: 'p-256' });

t.test(
  'a token pulled out while signing: signed or refused, and signing again once it is back',
  async (t) => {
    const signer = await openPkcs11Signer({ uri, reconnectPauseMs: 0 });
    t.teardown(() => signer.close());
    const publicKey = importPublicKey(signer.subjectPublicKeyInfo);
    const isRight = (signature: Buffer): boolean =>
      verifySignature(SIGNATURE_SCHEMES['ecdsa-sha256'], publicKey, message, signature);
    const running = Array.from({ length: 50 }, () => signer.sign(message));
    await running[5];
    token.remove();
    running.push(...Array.from({ length: 20 }, () => signer.sign(message)));
    const outcomes = await Promise.allSettled(running);
    const codes = outcomes.map((outcome) =>
      outcome.status === 'fulfilled' ? isRight(outcome.value) : (outcome.reason as KeyError).code,
    );
    t.strictSame([...new Set(codes)].sort(), ['key-unavailable', true]);
    await t.rejects(signer.sign(message), { code: 'key-unavailable' }, 'while it is away');
    token.putBack();
    t.ok(isRight(await signer.sign(message)), 'without a restart');
  },
);

t.test('two keys of a token that was away both come back', async (t) => {
  await generateTokenKey({ uri: token.uri('ocsp'), keyType: 'p-256' });
  const uris = [uri, token.uri('ocsp')];
  const signers = await Promise.all(uris.map((one) => openPkcs11Signer({ uri: one, reconnectPauseMs: 0 })));
  t.teardown(() => Promise.all(signers.map((signer) => signer.close())));
  token.remove();
  for (const signer of signers) await t.rejects(signer.sign(message), { code: 'key-unavailable' });
  token.putBack();
  for (const signer of signers) await t.resolves(signer.sign(message));
});

t.test('a key comes back although others on the token were idle while it was away', async (t) => {
  const uris = ['idle', 'busy'].map((object) => token.uri(object));
  for (const one of uris) await generateTokenKey({ uri: one, keyType: 'p-256' });
  const [idle, busy] = await Promise.all(
    uris.map((one) => openPkcs11Signer({ uri: one, reconnectPauseMs: 0 })),
  );
  t.teardown(() => Promise.all([idle.close(), busy.close()]));
  token.remove();
  await t.rejects(busy.sign(message), { code: 'key-unavailable' });
  token.putBack();
  await t.resolves(busy.sign(message));
  await t.resolves(idle.sign(message));
});

t.test('sessions that somebody else closed are opened again, with a login', async (t) => {
  const signer = await openPkcs11Signer({ uri });
  t.teardown(() => signer.close());
  const { PKCS11 } = (await import('pkcs11js')).default;
  const other = new PKCS11();
  other.load(SOFTHSM_MODULE);
  for (const slot of other.C_GetSlotList(true)) other.C_CloseAllSessions(slot);
  await t.resolves(signer.sign(message));
});

t.test('without pkcs11js the refusal says what to install', async (t) => {
  const absent = loadCryptoki(SOFTHSM_MODULE, () => Promise.reject(new Error('Cannot find package')));
  await t.rejects(absent, { code: 'pkcs11-not-installed', detail: /pkcs11js/ });
});
