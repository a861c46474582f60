import { execFileSync } from 'node:child_process';
import { chmodSync, realpathSync } from 'node:fs';
import { inspect } from 'node:util';

import t from 'tap';

import { generateTokenKey } from '../../keys/generate-token-key.ts';
import { HOLDER_KEY_BOUNDS, assertKeyQuality } from '../../keys/key-quality.ts';
import { KEY_TYPES } from '../../pki/key-type.ts';
import type { KeyType } from '../../pki/key-type.ts';
import { openPkcs11Signer } from '../../keys/pkcs11-signer.ts';
import { CKA, CKF, CKO } from '../../keys/pkcs11/constants.ts';
import { Passphrase } from '../../keys/passphrase.ts';
import { assertSignerMatches } from '../../keys/prove-possession.ts';
import { importPublicKey } from '../../pki/public-key.ts';
import { SIGNATURE_SCHEMES, verifySignature } from '../../pki/signature-algorithm.ts';
import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';
import { SOFTHSM_MODULE, softToken } from '../support/soft-token.ts';

const token = softToken(t);
const message = Buffer.from('to be signed on the token');
const algorithms: Partial<Record<KeyType, SignatureAlgorithmName[]>> = {
  'p-256': ['ecdsa-sha256', 'ecdsa-sha384'],
  'p-384': ['ecdsa-sha384'],
  brainpoolP256r1: ['ecdsa-sha256'],
  ed25519: ['ed25519'],
  // Made in seconds on SoftHSM; what they sign with is tried with the shorter key.
  'rsa-3072': ['rsa-sha256'],
  'rsa-4096': ['rsa-sha256', 'rsa-pss-sha256'],
  'rsa-2048': [
    'rsa-sha256',
    'rsa-sha384',
    'rsa-sha512',
    'rsa-pss-sha256',
    'rsa-pss-sha384',
    'rsa-pss-sha512',
  ],
};

for (const [keyType, names] of Object.entries(algorithms)) {
  t.test(`a ${keyType} key is made on the token and signs`, async (t) => {
    const uri = token.uri(keyType);
    const subjectPublicKeyInfo = await generateTokenKey({ uri, keyType: keyType as KeyType });
    const policy = { ...HOLDER_KEY_BOUNDS, keyTypes: [keyType as KeyType] };
    const blockedKeys = { isBlocked: async () => false };
    await t.resolves(assertKeyQuality({ subjectPublicKeyInfo, policy, blockedKeys }));
    for (const algorithm of [undefined, ...names]) {
      const signer = await openPkcs11Signer({ uri, algorithm });
      t.equal(signer.algorithm, algorithm ?? names[0]);
      t.same(signer.subjectPublicKeyInfo, subjectPublicKeyInfo);
      const signature = await signer.sign(message);
      const publicKey = importPublicKey(subjectPublicKeyInfo);
      t.ok(
        verifySignature(SIGNATURE_SCHEMES[signer.algorithm], publicKey, message, signature),
        signer.algorithm,
      );
      await signer.close();
    }
  });
}

t.test('a message in parts is signed as the whole, except where the token hashes', async (t) => {
  const parts = [Buffer.alloc(3_000_000, 1), Buffer.alloc(0), message];
  for (const keyType of ['p-256', 'rsa-2048']) {
    const signer = await openPkcs11Signer({ uri: token.uri(keyType) });
    const signature = (await signer.signParts?.(parts)) ?? Buffer.alloc(0);
    const publicKey = importPublicKey(signer.subjectPublicKeyInfo);
    const scheme = SIGNATURE_SCHEMES[signer.algorithm];
    t.ok(verifySignature(scheme, publicKey, Buffer.concat(parts), signature), keyType);
    await signer.close();
  }
  const whole = await openPkcs11Signer({ uri: token.uri('ed25519') });
  t.equal(whole.signParts, undefined);
  await whole.close();
});

t.test('what OpenSC sees is a private key that never leaves', async (t) => {
  const listing = pkcs11Tool('--list-objects', '--type', 'privkey');
  const key = listing.slice(listing.indexOf('label:      p-256')).split('Private Key Object')[0];
  t.match(key, /Usage: +sign\n/, 'signs, and nothing else');
  t.match(key, /Access: +sensitive, always sensitive, never extractable, local/);
});

t.test('nothing that asks gets the private key, not even logged in', async (t) => {
  // It has initialized the module, with locks, and logged the process in.
  const signer = await openPkcs11Signer({ uri: token.uri('p-256') });
  t.teardown(() => signer.close());
  const { PKCS11 } = (await import('pkcs11js')).default;
  const module = new PKCS11();
  module.load(SOFTHSM_MODULE);
  const slot = module
    .C_GetSlotList(true)
    .find((one) => module.C_GetTokenInfo(one).label.trim() === 'Health CA')!;
  const session = module.C_OpenSession(slot, CKF.serialSession | CKF.rwSession);
  const secrets: [label: string, attributes: number[]][] = [
    ['p-256', [CKA.value]],
    ['ed25519', [CKA.value]],
    // CKA_PRIVATE_EXPONENT, CKA_PRIME_1 and the rest up to CKA_COEFFICIENT.
    ['rsa-2048', [0x123, 0x124, 0x125, 0x126, 0x127, 0x128]],
  ];
  for (const [label, attributes] of secrets) {
    const template = [
      { type: CKA.class, value: CKO.privateKey },
      { type: CKA.label, value: label },
    ];
    module.C_FindObjectsInit(session, template);
    const [key] = module.C_FindObjects(session, 1);
    module.C_FindObjectsFinal(session);
    t.ok(key, label);
    for (const type of attributes) {
      const read = () => module.C_GetAttributeValue(session, key, [{ type }]);
      t.throws(read, { message: /CKR_ATTRIBUTE_SENSITIVE/ }, `${label}: attribute 0x${type.toString(16)}`);
    }
    for (const type of [CKA.sensitive, CKA.extractable]) {
      const loosen = () =>
        module.C_SetAttributeValue(session, key, [{ type, value: type === CKA.extractable }]);
      t.throws(
        loosen,
        `${label}: ${type === CKA.extractable ? 'extractable' : 'not sensitive'} it cannot become`,
      );
    }
  }
});

t.test('the public key is the one that OpenSC reads', async (t) => {
  const signer = await openPkcs11Signer({ uri: token.uri('p-256') });
  t.teardown(() => signer.close());
  const read = pkcs11Tool('--read-object', '--type', 'pubkey', '--label', 'p-256');
  t.same(Buffer.from(read, 'latin1'), signer.subjectPublicKeyInfo);
});

t.test('many signatures at once share the sessions and are all right', async (t) => {
  const signer = await openPkcs11Signer({ uri: token.uri('p-256'), sessionsMax: 3 });
  const messages = Array.from({ length: 200 }, (_, index) => Buffer.from(`message ${index}`));
  const signatures = await Promise.all(messages.map((one) => signer.sign(one)));
  const publicKey = importPublicKey(signer.subjectPublicKeyInfo);
  const wrong = messages.filter((one, index) => {
    return !verifySignature(SIGNATURE_SCHEMES['ecdsa-sha256'], publicKey, one, signatures[index]);
  });
  t.strictSame(wrong, []);
  await signer.close();
});

t.test('several signers of one process share the module, and closing one leaves the others', async (t) => {
  const [ca, ocsp] = await Promise.all(
    ['p-256', 'p-384'].map((object) => openPkcs11Signer({ uri: token.uri(object) })),
  );
  await ca.close();
  await t.resolves(ocsp.sign(message));
  const again = await openPkcs11Signer({ uri: token.uri('p-256') });
  await t.resolves(again.sign(message));
  await Promise.all([again.close(), ocsp.close()]);
  await t.resolves(again.close(), 'closing twice is closing');
  await t.rejects(again.sign(message), { code: 'key-unavailable' });
});

t.test('a module that two URIs name by different paths is one module', async (t) => {
  const uri = token.uri('p-256');
  const uris = [uri, uri.replace(SOFTHSM_MODULE, realpathSync(SOFTHSM_MODULE))];
  const signers = await Promise.all(uris.map((one) => openPkcs11Signer({ uri: one })));
  for (const signer of signers) await t.resolves(signer.sign(message));
  await Promise.all(signers.map((signer) => signer.close()));
});

t.test(
  'a module that something else has initialized, perhaps without locks, signs nothing here',
  async (t) => {
    const { PKCS11 } = (await import('pkcs11js')).default;
    const other = new PKCS11();
    other.load(SOFTHSM_MODULE);
    other.C_Initialize();
    const uri = token.uri('p-256');
    await t.rejects(openPkcs11Signer({ uri }), { code: 'pkcs11-module', detail: /something else/ });
    other.C_Finalize();
    const signer = await openPkcs11Signer({ uri });
    await t.resolves(signer.sign(message));
    await signer.close();
  },
);

t.test('closing waits for signatures under way', async (t) => {
  const signer = await openPkcs11Signer({ uri: token.uri('p-256'), sessionsMax: 1 });
  const running = [1, 2, 3].map(() => signer.sign(message));
  await signer.close();
  const outcomes = await Promise.allSettled(running);
  t.strictSame(
    outcomes.map(({ status }) => status),
    Array(3).fill('fulfilled'),
  );
});

t.test('a signer proves its key, and fails for another', async (t) => {
  const signer = await openPkcs11Signer({ uri: token.uri('p-256') });
  const other = await openPkcs11Signer({ uri: token.uri('ed25519') });
  await t.resolves(assertSignerMatches(signer, signer.subjectPublicKeyInfo));
  await t.rejects(assertSignerMatches(signer, other.subjectPublicKeyInfo), { code: 'key-mismatch' });
  await Promise.all([signer.close(), other.close()]);
});

t.test('a taken label is not made twice', async (t) => {
  const again = generateTokenKey({ uri: token.uri('p-256'), keyType: 'p-256' });
  await t.rejects(again, { code: 'key-exists' });
});

t.test('a key that the token cannot make is refused, and so is one without a name', async (t) => {
  const mlDsa = generateTokenKey({ uri: token.uri('pq'), keyType: 'ml-dsa-65' });
  await t.rejects(mlDsa, { code: 'key-type-not-allowed' });
  const nameless = `pkcs11:token=Health%20CA?module-path=${SOFTHSM_MODULE}&pin-source=${token.pinFile}`;
  await t.rejects(generateTokenKey({ uri: nameless, keyType: 'p-256' }), { code: 'pkcs11-uri-malformed' });
});

t.test('what is not to be found is refused with its reason', async (t) => {
  const here = `?module-path=${SOFTHSM_MODULE}&pin-source=${token.pinFile}`;
  const refused: [string, string, string][] = [
    ['no such token', `pkcs11:token=Other;object=p-256${here}`, 'token-not-found'],
    ['no such serial number', `pkcs11:token=Health%20CA;serial=0;object=p-256${here}`, 'token-not-found'],
    ['no such slot', `pkcs11:slot-id=999;object=p-256${here}`, 'token-not-found'],
    ['any token, of two', `pkcs11:object=p-256${here}`, 'token-not-found'],
    ['no such key', token.uri('gone'), 'key-not-found'],
    ['any key', `pkcs11:token=Health%20CA${here}`, 'key-ambiguous'],
    ['no PIN', `pkcs11:token=Health%20CA;object=p-256?module-path=${SOFTHSM_MODULE}`, 'passphrase-source'],
    ['no PIN file', token.uri('p-256').replace(token.pinFile, '/nonexistent'), 'secret-file-unreadable'],
    ['no module', token.uri('p-256').replace(SOFTHSM_MODULE, '/nonexistent.so'), 'pkcs11-module'],
  ];
  for (const [name, uri, code] of refused) await t.rejects(openPkcs11Signer({ uri }), { code }, name);
  const ecdsaByRsa = openPkcs11Signer({ uri: token.uri('p-256'), algorithm: 'rsa-sha256' });
  await t.rejects(ecdsaByRsa, { code: 'algorithm-mismatch' });
});

t.test('a PIN comes from its file, or from whoever was asked', async (t) => {
  const uri = `pkcs11:token=Health%20CA;object=p-256?module-path=${SOFTHSM_MODULE}`;
  const signer = await openPkcs11Signer({ uri, pin: new Passphrase('567890') });
  await t.resolves(signer.sign(message));
  await signer.close();
  await t.rejects(openPkcs11Signer({ uri, pin: new Passphrase('000000') }), {
    code: 'token-pin',
    message: /^(?!.*000000)/,
  });
  chmodSync(token.pinFile, 0o644);
  await t.rejects(openPkcs11Signer({ uri: token.uri('p-256') }), { code: 'secret-file-permissions' });
  chmodSync(token.pinFile, 0o600);
});

t.test('a signer shows neither PIN nor where it comes from', async (t) => {
  const signer = await openPkcs11Signer({ uri: token.uri('p-256') });
  const shown = inspect(signer, { depth: Infinity, showHidden: true }) + JSON.stringify(signer);
  t.notMatch(shown, /567890|pin|softhsm/i);
  t.equal(signer.label, 'pkcs11:token=Health%20CA;object=p-256');
  await signer.close();
});

t.test('a process that ends without closing ends well', async (t) => {
  const script = `
    import { openPkcs11Signer } from './keys/pkcs11-signer.ts';
    const signer = await openPkcs11Signer({ uri: process.argv[1] });
    console.log((await signer.sign(Buffer.from('x'))).length > 60);`;
  const arguments_ = ['--import', 'tsx', '--eval', script, token.uri('p-256')];
  t.equal(execFileSync(process.execPath, arguments_, { encoding: 'utf8' }), 'true\n');
});

t.test('every key type is either made here or refused above', async (t) => {
  t.strictSame([...Object.keys(algorithms), 'ml-dsa-65'].sort(), [...KEY_TYPES].sort());
});

function pkcs11Tool(...arguments_: string[]): string {
  const login = ['--module', SOFTHSM_MODULE, '--token-label', 'Health CA', '--login', '--pin', '567890'];
  return execFileSync('pkcs11-tool', [...login, ...arguments_], {
    encoding: 'latin1',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}
