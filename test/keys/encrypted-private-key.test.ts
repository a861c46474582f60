import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';

import t from 'tap';

import { KeyError } from '../../keys/key-error.ts';
import { decryptPrivateKey, encryptPrivateKey } from '../../keys/encrypted-private-key.ts';
import { Passphrase } from '../../keys/passphrase.ts';
import * as asn1 from '../../pki/der/encode.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const privateKeyInfo = privateKey.export({ type: 'pkcs8', format: 'der' });
const passphrase = new Passphrase('گذرواژه و more');
const text = passphrase.reveal().toString('utf8');
const cheap = { costParameter: 2, blockSize: 1, parallelization: 1 };

t.test('what it encrypts, OpenSSL reads', async (t) => {
  const encrypted = await encryptPrivateKey({ privateKeyInfo, passphrase });
  const read = openssl(['pkey', '-inform', 'DER', '-outform', 'DER', '-passin', `pass:${text}`], encrypted);
  t.same(opensslTraditional(read), opensslTraditional(privateKeyInfo));
  t.notOk(encrypted.includes(privateKeyInfo.subarray(-64)), 'the public key at its end is covered too');
});

t.test('it reads what OpenSSL encrypts', async (t) => {
  const ways = [
    ['-v2', 'aes-256-cbc'],
    ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA512', '-iter', '10000'],
    ['-scrypt'],
    ['-scrypt', '-scrypt_N', '1024', '-scrypt_r', '4', '-scrypt_p', '3'],
  ];
  for (const way of ways) {
    const arguments_ = [
      'pkcs8',
      '-topk8',
      '-inform',
      'DER',
      '-outform',
      'DER',
      '-passout',
      `pass:${text}`,
      ...way,
    ];
    const encryptedPrivateKeyInfo = openssl(arguments_, privateKeyInfo);
    t.same(await decryptPrivateKey({ encryptedPrivateKeyInfo, passphrase }), privateKeyInfo, way.join(' '));
  }
});

t.test('a wrong passphrase is one, whatever padding it leaves behind', async (t) => {
  const encryptedPrivateKeyInfo = await encryptPrivateKey({ privateKeyInfo, passphrase, cost: cheap });
  const codes = new Set<string | undefined>();
  // One in 256 leaves a padding that looks right.
  for (let attempt = 0; attempt < 2000; attempt += 1) {
    const wrong = new Passphrase(`wrong ${attempt}`);
    codes.add(
      (await refusalOf(() => decryptPrivateKey({ encryptedPrivateKeyInfo, passphrase: wrong })))?.code,
    );
  }
  t.strictSame([...codes], ['key-passphrase']);
});

t.test('two encryptions of one key share neither salt nor vector', async (t) => {
  const once = await encryptPrivateKey({ privateKeyInfo, passphrase, cost: cheap });
  const again = await encryptPrivateKey({ privateKeyInfo, passphrase, cost: cheap });
  t.not(once.toString('hex').slice(60, 200), again.toString('hex').slice(60, 200));
});

t.test('no damaged octet leads to anything but a refusal', async (t) => {
  const encrypted = await encryptPrivateKey({ privateKeyInfo, passphrase, cost: cheap });
  const harmless: number[] = [];
  for (let at = 0; at < encrypted.length; at += 1) {
    const damaged = Buffer.from(encrypted);
    damaged[at] ^= 0x01;
    const damagedKey = { encryptedPrivateKeyInfo: damaged, passphrase };
    // CBC has no tag: damage within the key comes out as another key, which the signer's own proof refuses.
    const outcome = await decryptPrivateKey(damagedKey).catch((error: unknown) => error);
    const isOther = Buffer.isBuffer(outcome) && !outcome.equals(privateKeyInfo);
    if (!isOther && !(outcome instanceof KeyError)) harmless.push(at);
  }
  t.strictSame(harmless, []);
  const cut = { encryptedPrivateKeyInfo: encrypted.subarray(0, -1), passphrase };
  await t.rejects(decryptPrivateKey(cut), { code: 'key-file-malformed' });
});

t.test('a cost out of bounds is refused before it is spent', async (t) => {
  const costs: [string, Buffer][] = [
    ['N of 1 GiB', scrypt(2 ** 20, 8, 1)],
    ['r of 1 GiB', scrypt(2, 2 ** 22, 1)],
    ['p beyond all patience', scrypt(2 ** 14, 8, 65)],
    ['N that is no power of two', scrypt(1000, 8, 1)],
    ['N of 1', scrypt(1, 8, 1)],
    ['no blocks', scrypt(1024, 0, 1)],
    ['negative p', scrypt(1024, 8, -1)],
    ['10,000,001 iterations', pbkdf2(10_000_001)],
    ['no iterations', pbkdf2(0)],
    ['AES-128 key length', pbkdf2(1000, 16)],
    ['2 KiB of salt', pbkdf2(1000, 32, Buffer.alloc(2048))],
  ];
  for (const [name, derivation] of costs) {
    const refused = decryptPrivateKey({ encryptedPrivateKeyInfo: envelope(derivation), passphrase });
    await t.rejects(refused, { code: 'key-file-unsupported' }, name);
  }
  const atTheBound = decryptPrivateKey({ encryptedPrivateKeyInfo: envelope(scrypt(2, 1, 64)), passphrase });
  await t.rejects(atTheBound, { code: 'key-passphrase' }, 'a cost within the bounds is spent');
});

t.test('older encryption is refused by name', async (t) => {
  const ways = [
    ['-v1', 'PBE-SHA1-3DES'],
    ['-v2', 'des3'],
    ['-v2', 'aes-128-cbc'],
    ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA1'],
  ];
  for (const way of ways) {
    const arguments_ = [
      'pkcs8',
      '-topk8',
      '-inform',
      'DER',
      '-outform',
      'DER',
      '-passout',
      `pass:${text}`,
      ...way,
    ];
    const encryptedPrivateKeyInfo = openssl(arguments_, privateKeyInfo);
    await t.rejects(
      decryptPrivateKey({ encryptedPrivateKeyInfo, passphrase }),
      { code: 'key-file-unsupported' },
      way.join(' '),
    );
  }
});

const PBES2 = '1.2.840.113549.1.5.13';

function envelope(derivation: Buffer): Buffer {
  const scheme = asn1.sequence(asn1.oid('2.16.840.1.101.3.4.1.42'), asn1.octetString(Buffer.alloc(16)));
  const algorithm = asn1.sequence(asn1.oid(PBES2), asn1.sequence(derivation, scheme));
  return asn1.sequence(algorithm, asn1.octetString(Buffer.alloc(32)));
}

function scrypt(...cost: [N: number, r: number, p: number]): Buffer {
  const parameters = asn1.sequence(
    asn1.octetString(Buffer.alloc(8)),
    ...cost.map((value) => asn1.integer(value)),
  );
  return asn1.sequence(asn1.oid('1.3.6.1.4.1.11591.4.11'), parameters);
}

function pbkdf2(iterations: number, keyLength = 32, salt = Buffer.alloc(8)): Buffer {
  const prf = asn1.sequence(asn1.oid('1.2.840.113549.2.9'), asn1.NULL);
  const numbers = [asn1.integer(iterations), asn1.integer(keyLength)];
  return asn1.sequence(
    asn1.oid('1.2.840.113549.1.5.12'),
    asn1.sequence(asn1.octetString(salt), ...numbers, prf),
  );
}

function openssl(arguments_: string[], input: Buffer): Buffer {
  return execFileSync('openssl', arguments_, { input, stdio: ['pipe', 'pipe', 'ignore'] });
}

/** OpenSSL 3.0 writes the curve in two places or in one, as its mood is; the SEC 1 form has one. */
function opensslTraditional(key: Buffer): Buffer {
  return openssl(['ec', '-inform', 'DER', '-outform', 'DER'], key);
}

async function refusalOf(work: () => Promise<unknown>): Promise<KeyError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error instanceof KeyError ? error : undefined;
  }
}
