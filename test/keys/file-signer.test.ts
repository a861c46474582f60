import { execFileSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';

import t from 'tap';

import { createKeyFile } from '../../keys/create-key-file.ts';
import { decryptPrivateKey, encryptPrivateKey } from '../../keys/encrypted-private-key.ts';
import { openFileSigner } from '../../keys/file-signer.ts';
import type { KeyType } from '../../pki/key-type.ts';
import { Passphrase } from '../../keys/passphrase.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { ALG } from '../../pki/oid.ts';
import { decodePem, encodePem } from '../../pki/pem.ts';
import { SIGNATURE_SCHEMES } from '../../pki/signature-algorithm.ts';
import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const passphrase = new Passphrase('رمز کلید');
const cost = { costParameter: 1024, blockSize: 8, parallelization: 1 };
const message = Buffer.from('an e-prescription');
const hasMlDsa = Number(process.versions.openssl.split('.').slice(0, 2).join('.')) >= 3.5;

// One RSA size serves: making longer keys takes seconds, and nothing here depends on the size.
const made: KeyType[] = ['rsa-2048', 'p-256', 'p-384', 'brainpoolP256r1', 'ed25519'];

t.test('a key file is made, opened, and signs by its default algorithm', async (t) => {
  const folder = temporaryFolder(t);
  const defaults: Partial<Record<KeyType, SignatureAlgorithmName>> = {
    'rsa-2048': 'rsa-sha256',
    'p-256': 'ecdsa-sha256',
    'p-384': 'ecdsa-sha384',
    brainpoolP256r1: 'ecdsa-sha256',
    ed25519: 'ed25519',
  };
  for (const keyType of made) {
    const path = join(folder, `${keyType}.key`);
    const subjectPublicKeyInfo = await createKeyFile({ path, keyType, passphrase, cost });
    const signer = await openFileSigner({ path, passphrase });
    t.same(signer.subjectPublicKeyInfo, subjectPublicKeyInfo, keyType);
    t.equal(signer.algorithm, defaults[keyType]);
    t.equal(signer.label, `file:${keyType}.key`);
    t.ok(
      opensslVerifies(folder, signer.subjectPublicKeyInfo, await signer.sign(message), signer.algorithm),
      keyType,
    );
  }
});

t.test('an RSA key signs by every algorithm of its type', async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'rsa.key');
  await createKeyFile({ path, keyType: 'rsa-2048', passphrase, cost });
  for (const padding of ['rsa', 'rsa-pss'] as const) {
    for (const digest of ['sha256', 'sha384', 'sha512'] as const) {
      const algorithm: SignatureAlgorithmName = `${padding}-${digest}`;
      const signer = await openFileSigner({ path, passphrase, algorithm });
      const signature = await signer.sign(message);
      t.ok(opensslVerifies(folder, signer.subjectPublicKeyInfo, signature, algorithm), algorithm);
    }
  }
  await t.rejects(openFileSigner({ path, passphrase, algorithm: 'ecdsa-sha256' }), {
    code: 'algorithm-mismatch',
  });
});

t.test('a message in parts is signed as the whole', async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'ca.key');
  for (const keyType of ['rsa-2048', 'p-384'] as const) {
    await createKeyFile({ path: `${path}.${keyType}`, keyType, passphrase, cost });
    const signer = await openFileSigner({ path: `${path}.${keyType}`, passphrase });
    const parts = [message.subarray(0, 3), message.subarray(3, 3), message.subarray(3)];
    const signature = (await signer.signParts?.(parts)) ?? Buffer.alloc(0);
    t.ok(opensslVerifies(folder, signer.subjectPublicKeyInfo, signature, signer.algorithm), keyType);
  }
  await createKeyFile({ path, keyType: 'ed25519', passphrase, cost });
  t.equal((await openFileSigner({ path, passphrase })).signParts, undefined, 'Ed25519 takes it whole');
});

t.test('ML-DSA-65 works where the runtime has it, and is refused by name elsewhere', async (t) => {
  const path = join(temporaryFolder(t), 'ml-dsa.key');
  if (hasMlDsa) {
    await createKeyFile({ path, keyType: 'ml-dsa-65', passphrase, cost });
    const signer = await openFileSigner({ path, passphrase });
    t.equal((await signer.sign(message)).length, 3309, 'FIPS 204 table 2');
    return;
  }
  await t.rejects(createKeyFile({ path, keyType: 'ml-dsa-65', passphrase, cost }), {
    code: 'runtime-unsupported',
  });
  const seed = asn1.sequence(
    asn1.integer(0),
    asn1.sequence(asn1.oid(ALG.mlDsa65)),
    asn1.octetString(Buffer.alloc(34)),
  );
  await writeKey(path, seed);
  await t.rejects(
    openFileSigner({ path, passphrase }),
    { code: 'runtime-unsupported' },
    'made by a newer runtime',
  );
});

t.test('a wrong passphrase is refused as such', async (t) => {
  const path = join(temporaryFolder(t), 'ca.key');
  await createKeyFile({ path, keyType: 'p-256', passphrase, cost });
  await t.rejects(openFileSigner({ path, passphrase: new Passphrase('wrong') }), { code: 'key-passphrase' });
});

t.test('what is not one encrypted key of its owner alone is refused with its reason', async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'some.key');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const plain = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const traditional = privateKey.export({ type: 'sec1', format: 'pem' }).toString();
  const block = encodePem('ENCRYPTED PRIVATE KEY', asn1.sequence());
  const cases: [name: string, contents: string, code: string][] = [
    ['a plain key', plain, 'key-file-unencrypted'],
    ['a plain key of OpenSSL’s old form', traditional, 'key-file-unencrypted'],
    ['a certificate', encodePem('CERTIFICATE', asn1.sequence()), 'key-file-malformed'],
    ['two keys', block + block, 'key-file-malformed'],
    ['an empty structure', block, 'key-file-malformed'],
    ['nothing', '', 'key-file-malformed'],
    ['text', 'a shopping list', 'key-file-malformed'],
    ['32 KiB and one octet', 'x'.repeat(32_769), 'secret-file-unreadable'],
  ];
  for (const [name, contents, code] of cases) {
    writeFileSync(path, contents, { mode: 0o600 });
    await t.rejects(openFileSigner({ path, passphrase }), { code }, name);
  }
  chmodSync(path, 0o644);
  writeFileSync(path, plain);
  await t.rejects(openFileSigner({ path, passphrase }), { code: 'secret-file-permissions' }, 'mode 0644');
  await t.rejects(openFileSigner({ path: join(folder, 'gone'), passphrase }), {
    code: 'secret-file-unreadable',
  });
});

t.test('a key of a type that nothing signs with is refused', async (t) => {
  const path = join(temporaryFolder(t), 'some.key');
  const keys = [
    generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
    generateKeyPairSync('x25519'),
    generateKeyPairSync('rsa', { modulusLength: 1024 }),
  ];
  for (const { privateKey } of keys) {
    await writeKey(path, privateKey.export({ type: 'pkcs8', format: 'der' }));
    const name = `${privateKey.asymmetricKeyType}`;
    await t.rejects(openFileSigner({ path, passphrase }), { code: 'key-type-not-allowed' }, name);
  }
});

t.test('a key file whose public half is another key’s does not open', async (t) => {
  const path = join(temporaryFolder(t), 'some.key');
  const [one, other] = [1, 2].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
  const privateKeyInfo = one.export({ type: 'pkcs8', format: 'der' });
  const publicOctets = 65;
  const foreign = other.export({ type: 'pkcs8', format: 'der' }).subarray(-publicOctets);
  foreign.copy(privateKeyInfo, privateKeyInfo.length - publicOctets);
  await writeKey(path, privateKeyInfo);
  await t.rejects(openFileSigner({ path, passphrase }), { code: 'key-mismatch' });
});

t.test('a signer and its refusals show nothing of the key or the passphrase', async (t) => {
  const path = join(temporaryFolder(t), 'ca.key');
  await createKeyFile({ path, keyType: 'p-256', passphrase, cost });
  const signer = await openFileSigner({ path, passphrase });
  const [{ bytes }] = decodePem(readFileSync(path, 'utf8'), ['ENCRYPTED PRIVATE KEY']);
  const privateKeyInfo = await decryptPrivateKey({ encryptedPrivateKeyInfo: bytes, passphrase });
  const { d } = createPrivateKey({ key: privateKeyInfo, format: 'der', type: 'pkcs8' }).export({
    format: 'jwk',
  });
  const scalar = Buffer.from(d ?? '', 'base64url');
  const wrong = await openFileSigner({ path, passphrase: new Passphrase('falsches Kennwort') }).catch(
    (e: unknown) => e,
  );
  const everything = { depth: Infinity, showHidden: true, getters: true, maxArrayLength: Infinity } as const;
  const shown = [
    inspect(signer, everything),
    JSON.stringify(signer),
    inspect(wrong, everything),
    JSON.stringify(wrong),
  ];
  for (const text of shown) {
    t.notMatch(text, scalar.toString('hex').slice(0, 16), 'hexadecimal');
    t.notMatch(text, scalar.toString('base64').slice(0, 16), 'Base64');
    t.notMatch(text, [...scalar.subarray(0, 6)].join(','), 'JSON of a Buffer');
    t.notMatch(text, scalar.toString('hex', 0, 6).replace(/(..)(?=.)/g, '$1 '), 'inspection of a Buffer');
    t.notMatch(text, /رمز|Kennwort/);
  }
  t.strictSame(Object.keys(signer).sort(), ['algorithm', 'label', 'signParts', 'subjectPublicKeyInfo']);
});

t.test('a signature that fails rejects and does not throw', async (t) => {
  const path = join(temporaryFolder(t), 'ca.key');
  await createKeyFile({ path, keyType: 'p-256', passphrase, cost });
  const signer = await openFileSigner({ path, passphrase });
  const outcome = signer.sign(undefined as unknown as Buffer);
  await t.rejects(outcome, TypeError);
});

async function writeKey(path: string, privateKeyInfo: Buffer): Promise<void> {
  const encrypted = await encryptPrivateKey({ privateKeyInfo, passphrase, cost });
  writeFileSync(path, encodePem('ENCRYPTED PRIVATE KEY', encrypted), { mode: 0o600 });
}

/** Whether the openssl command accepts a signature over the message. */
function opensslVerifies(
  folder: string,
  subjectPublicKeyInfo: Buffer,
  signature: Buffer,
  algorithm: SignatureAlgorithmName,
): boolean {
  const file = (name: string, contents: Buffer | string): string => {
    writeFileSync(join(folder, name), contents);
    return join(folder, name);
  };
  const scheme = SIGNATURE_SCHEMES[algorithm];
  const pss = scheme.kind === 'rsa-pss';
  const arguments_ = ['pkeyutl', '-verify', '-rawin', '-pubin'];
  arguments_.push('-inkey', file('public.pem', encodePem('PUBLIC KEY', subjectPublicKeyInfo)));
  arguments_.push('-in', file('message', message), '-sigfile', file('signature', signature));
  if (scheme.digest) arguments_.push('-digest', scheme.digest);
  if (pss)
    arguments_.push('-pkeyopt', 'rsa_padding_mode:pss', '-pkeyopt', `rsa_pss_saltlen:${scheme.saltOctets}`);
  return execFileSync('openssl', arguments_, { encoding: 'utf8' }).includes('Verified Successfully');
}
