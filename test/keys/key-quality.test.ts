import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import t from 'tap';

import type { BlockedKeys } from '../../keys/blocked-keys.ts';
import {
  HOLDER_KEY_BOUNDS,
  KEY_QUALITY_RULES,
  assertKeyQuality,
  checkKeyQuality,
} from '../../keys/key-quality.ts';
import { KEY_TYPES } from '../../pki/key-type.ts';
import { LOW_ORDER_Y } from '../../keys/quality/ed25519-low-order.ts';
import type { KeyPolicy } from '../../keys/quality/key-quality-rule.ts';
import { primesBelow } from '../../keys/quality/primes-below.ts';
import { readPublicKeyParts } from '../../keys/quality/public-key-parts.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { ALG } from '../../pki/oid.ts';

const policy: KeyPolicy = { ...HOLDER_KEY_BOUNDS, keyTypes: KEY_TYPES };
const onlyP256: KeyPolicy = { ...HOLDER_KEY_BOUNDS, keyTypes: ['p-256'] };

const soundRsa = spkiOf(generateKeyPairSync('rsa', { modulusLength: 2048 }));
const p256 = spkiOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
const p384 = spkiOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }));
const brainpool = spkiOf(generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' }));
const ed25519 = spkiOf(generateKeyPairSync('ed25519'));
const modulus = modulusOf(soundRsa);

interface Cases {
  good: Record<string, Buffer>;
  bad: Record<string, Buffer>;
  notApplicable: Record<string, Buffer>;
  policy?: KeyPolicy;
}

/** 2^(bits − 1) + 1 and the like: the size is right, and the rules on size look at nothing else. */
const rsaOfBits = (bits: number): Buffer => rsa((1n << BigInt(bits - 1)) + 1n);

const cases: Record<string, Cases> = {
  'key-type-allowed': {
    good: { 'P-256': p256 },
    bad: {
      'P-384': p384,
      'P-521': spkiOf(generateKeyPairSync('ec', { namedCurve: 'P-521' })),
      secp256k1: spkiOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' })),
      brainpoolP256r1: brainpool,
      Ed25519: ed25519,
      X25519: spkiOf(generateKeyPairSync('x25519')),
      'RSA of an allowed size': soundRsa,
      'RSA bound to PSS': rsa(modulus, 65537n, ALG.rsassaPss),
      'ML-DSA-65': asn1.sequence(asn1.sequence(asn1.oid(ALG.mlDsa65)), asn1.bitString(Buffer.alloc(1952))),
    },
    notApplicable: { 'RSA of a size without a name': rsaOfBits(2047), 'explicit parameters': explicitP256() },
    policy: onlyP256,
  },
  'rsa-modulus-size': {
    good: { '2048 bits': rsaOfBits(2048), '4096 bits': rsaOfBits(4096), '3072 bits': rsaOfBits(3072) },
    bad: { '2047 bits': rsaOfBits(2047), '4097 bits': rsaOfBits(4097), '1024 bits': rsaOfBits(1024) },
    notApplicable: { 'P-256': p256, Ed25519: ed25519 },
  },
  'rsa-modulus-length-exact': {
    good: { '2048 bits': rsaOfBits(2048), '3072 bits': rsaOfBits(3072), '4096 bits': rsaOfBits(4096) },
    bad: { '2047 bits': rsaOfBits(2047), '2049 bits': rsaOfBits(2049), '2056 bits': rsaOfBits(2056) },
    notApplicable: { 'P-256': p256 },
  },
  'rsa-modulus-odd': {
    good: { 'a sound key': soundRsa },
    bad: { 'an even modulus': rsa(modulus - 1n) },
    notApplicable: { Ed25519: ed25519 },
  },
  'rsa-public-exponent': {
    good: { '65537': rsa(modulus, 65537n) },
    bad: {
      '3': rsa(modulus, 3n),
      '1': rsa(modulus, 1n),
      '65535': rsa(modulus, 65535n),
      '65536': rsa(modulus, 65536n),
      '65539': rsa(modulus, 65539n),
      '2048 bits': rsa(modulus, modulus - 2n),
    },
    notApplicable: { 'P-256': p256 },
  },
  'rsa-small-factor': {
    good: { 'a sound key': soundRsa, 'a factor beyond the bound': rsa(4099n * modulus) },
    bad: {
      '2': rsa(2n * modulus),
      '3': rsa(3n * modulus),
      '751': rsa(751n * modulus),
      'the last prime below 4096': rsa(4093n * modulus),
    },
    notApplicable: { 'P-256': p256 },
  },
  'rsa-roca': {
    good: { 'a sound key': soundRsa, 'one flawed factor of two': rsa(rocaFactor() * modulus) },
    bad: { 'two factors k·M + (65537^a mod M)': rsa(rocaFactor() * rocaFactor()) },
    notApplicable: { Ed25519: ed25519 },
  },
  'rsa-close-primes': {
    good: {
      'a sound key': soundRsa,
      'factors 2^518 apart': rsa(productApart(1n << 518n)),
    },
    bad: {
      'a square': rsa(modulus ** 2n),
      'factors next to each other': rsa(productApart(2n)),
      // 100 rounds reach |p − q| < √800·n^(1/4), some 2^516.7 here.
      'factors 2^516 apart': rsa(productApart(1n << 516n)),
    },
    notApplicable: { 'P-256': p256 },
  },
  'ec-named-curve': {
    good: { 'P-256': p256, brainpoolP256r1: brainpool },
    bad: {
      'explicit parameters': explicitP256(),
      'implicit parameters': ec(asn1.NULL, pointOf(p256)),
      'no parameters': ec(Buffer.alloc(0), pointOf(p256)),
    },
    notApplicable: { 'RSA-2048': soundRsa },
  },
  'ec-point-uncompressed': {
    good: { 'P-256': p256, 'P-384': p384 },
    bad: {
      compressed: named(ALG.prime256v1, compressed(pointOf(p256))),
      hybrid: named(
        ALG.prime256v1,
        Buffer.concat([Buffer.from([6 + (pointOf(p256).at(-1)! & 1)]), pointOf(p256).subarray(1)]),
      ),
      'the point at infinity': named(ALG.prime256v1, Buffer.from([0])),
      nothing: named(ALG.prime256v1, Buffer.alloc(0)),
    },
    notApplicable: { Ed25519: ed25519 },
  },
  'ec-point-on-curve': {
    good: { 'P-256': p256, 'P-384': p384, brainpoolP256r1: brainpool },
    bad: {
      'another y': named(ALG.prime256v1, disturbed(pointOf(p256))),
      'another y of P-384': named(ALG.secp384r1, disturbed(pointOf(p384))),
      'another y of brainpool': named(ALG.brainpoolP256r1, disturbed(pointOf(brainpool))),
      'a point of another curve': named(ALG.brainpoolP256r1, pointOf(p256)),
      'one octet too few': named(ALG.prime256v1, pointOf(p256).subarray(0, -1)),
      'x and y of zero': named(ALG.prime256v1, Buffer.concat([Buffer.from([4]), Buffer.alloc(64)])),
      'coordinates beyond p': named(ALG.prime256v1, beyondP(pointOf(p256))),
    },
    notApplicable: {
      'RSA-2048': soundRsa,
      'a curve that is refused by its type': spkiOf(generateKeyPairSync('ec', { namedCurve: 'P-521' })),
      'a compressed point': named(ALG.prime256v1, compressed(pointOf(p256))),
    },
  },
  'ed25519-low-order': {
    good: { 'a sound key': ed25519 },
    bad: {
      ...Object.fromEntries(LOW_ORDER_Y.map((y) => [y, edwards(Buffer.from(y, 'hex'))])),
      'the neutral element with its sign set': edwards(withSign(Buffer.from(LOW_ORDER_Y[1], 'hex'))),
      '31 octets': edwards(Buffer.alloc(31, 7)),
    },
    notApplicable: { 'P-256': p256, 'RSA-2048': soundRsa },
  },
};

t.test('every rule has its cases, and every case its rule', async (t) => {
  const ids = KEY_QUALITY_RULES.map(({ id }) => id);
  t.strictSame(ids.toSorted(), Object.keys(cases).toSorted());
  for (const { id, source } of KEY_QUALITY_RULES) t.ok(source.length > 0, id);
});

for (const rule of KEY_QUALITY_RULES) {
  t.test(rule.id, async (t) => {
    const { good, bad, notApplicable, policy: rulePolicy = policy } = cases[rule.id];
    const judge = (key: Buffer) => rule.judge(readPublicKeyParts(key), rulePolicy);
    for (const [name, key] of Object.entries(good)) t.equal(judge(key), 'pass', `good: ${name}`);
    for (const [name, key] of Object.entries(notApplicable)) t.equal(judge(key), 'not-applicable', name);
    for (const [name, key] of Object.entries(bad)) {
      t.type(judge(key), 'object', `bad: ${name}`);
      const finding = checkKeyQuality(key, rulePolicy).find((one) => one.rule === rule.id);
      t.match(finding, { rule: rule.id, code: rule.code }, `reported: ${name}`);
    }
  });
}

t.test('sound keys of every type that this runtime makes have no finding', async (t) => {
  for (const key of [soundRsa, p256, p384, brainpool, ed25519])
    t.strictSame(checkKeyQuality(key, policy), []);
});

t.test('a finding says what is and what is allowed', async (t) => {
  t.match(checkKeyQuality(rsaOfBits(1024), policy)[0].detail, /1024 bits; allowed are 2048 to 4096/);
  t.match(checkKeyQuality(p384, onlyP256)[0].detail, /p-384; allowed are p-256$/);
  t.match(checkKeyQuality(rsa(modulus, 3n), policy)[0].detail, /exponent 3; allowed are odd ones from 65537/);
});

t.test('of 2,000 random odd numbers none is taken for ROCA', async (t) => {
  const rule = KEY_QUALITY_RULES.find(({ id }) => id === 'rsa-roca')!;
  let taken = 0;
  for (let count = 0; count < 2000; count += 1) {
    const octets = createHash('shake256', { outputLength: 256 }).update(`modulus ${count}`).digest();
    if (rule.judge(readPublicKeyParts(rsa(BigInt(`0x${octets.toString('hex')}`) | 1n)), policy) !== 'pass')
      taken += 1;
  }
  t.equal(taken, 0);
});

t.test('the low-order points are those that eight times themselves are neutral', async (t) => {
  const p = 2n ** 255n - 19n;
  for (const y of LOW_ORDER_Y) {
    const value = BigInt(`0x${Buffer.from(y, 'hex').reverse().toString('hex')}`) % p;
    t.equal(eightTimesY(value, p), 1n, y);
  }
  const [ordinary] = [
    BigInt(`0x${Buffer.from(readEd(ed25519)).reverse().toString('hex')}`) & ((1n << 255n) - 1n),
  ];
  t.not(eightTimesY(ordinary, p), 1n, 'an ordinary key');
});

t.test('what cannot be read is refused and not judged', async (t) => {
  const unreadable: [string, Buffer, string][] = [
    ['nothing', Buffer.alloc(0), 'der-malformed'],
    [
      'no RSA key inside',
      asn1.sequence(asn1.sequence(asn1.oid(ALG.rsaEncryption), asn1.NULL), asn1.bitString(p256)),
      'der-malformed',
    ],
    ['a negative modulus', rsa(-modulus), 'key-malformed'],
    ['an exponent of zero', rsa(modulus, 0n), 'key-malformed'],
    ['a modulus of 3 KiB', rsa(1n << 24_000n), 'key-malformed'],
    [
      'half an octet',
      asn1.sequence(asn1.sequence(asn1.oid(ALG.ed25519)), asn1.bitString(Buffer.alloc(32), 4)),
      'key-malformed',
    ],
  ];
  for (const [name, key, code] of unreadable) t.throws(() => checkKeyQuality(key, policy), { code }, name);
});

t.test('a sound key passes unless it is blocked', async (t) => {
  const blocked = createHash('sha256').update(p384).digest();
  const blockedKeys: BlockedKeys = { isBlocked: async (spkiSha256) => blocked.equals(spkiSha256) };
  await t.resolves(assertKeyQuality({ subjectPublicKeyInfo: p256, policy, blockedKeys }));
  await t.rejects(assertKeyQuality({ subjectPublicKeyInfo: p384, policy, blockedKeys }), {
    code: 'key-blocked',
  });
  await t.rejects(assertKeyQuality({ subjectPublicKeyInfo: p384, policy: onlyP256, blockedKeys }), {
    code: 'key-type-not-allowed',
  });
  await t.rejects(assertKeyQuality({ subjectPublicKeyInfo: rsa(modulus - 1n, 3n), policy, blockedKeys }), {
    code: 'key-weak',
    context: { findings: [{ rule: 'rsa-public-exponent' }, { rule: 'rsa-modulus-odd' }] },
  });
});

t.test('a blocklist that does not answer lets nothing pass', async (t) => {
  const blockedKeys: BlockedKeys = { isBlocked: () => Promise.reject(new Error('the database went away')) };
  await t.rejects(assertKeyQuality({ subjectPublicKeyInfo: p256, policy, blockedKeys }), /database/);
});

function spkiOf({ publicKey }: { publicKey: KeyObject }): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' });
}

function rsa(n: bigint, e = 65537n, algorithm: string = ALG.rsaEncryption): Buffer {
  const key = asn1.sequence(asn1.integer(n), asn1.integer(e));
  return asn1.sequence(asn1.sequence(asn1.oid(algorithm), asn1.NULL), asn1.bitString(key));
}

function ec(parameters: Buffer, point: Buffer): Buffer {
  return asn1.sequence(asn1.sequence(asn1.oid(ALG.ecPublicKey), parameters), asn1.bitString(point));
}

function named(curve: string, point: Buffer): Buffer {
  return ec(asn1.oid(curve), point);
}

function edwards(point: Buffer): Buffer {
  return asn1.sequence(asn1.sequence(asn1.oid(ALG.ed25519)), asn1.bitString(point));
}

function explicitP256(): Buffer {
  return ec(asn1.sequence(asn1.integer(1)), pointOf(p256));
}

function pointOf(key: Buffer): Buffer {
  const parts = readPublicKeyParts(key);
  return parts.kind === 'ec' ? parts.point : Buffer.alloc(0);
}

function readEd(key: Buffer): Buffer {
  const parts = readPublicKeyParts(key);
  return parts.kind === 'ed25519' ? parts.point : Buffer.alloc(0);
}

function modulusOf(key: Buffer): bigint {
  const parts = readPublicKeyParts(key);
  return parts.kind === 'rsa' ? parts.modulus : 0n;
}

function compressed(point: Buffer): Buffer {
  const half = (point.length - 1) / 2;
  return Buffer.concat([Buffer.from([2 + (point.at(-1)! & 1)]), point.subarray(1, 1 + half)]);
}

function disturbed(point: Buffer): Buffer {
  const other = Buffer.from(point);
  other[other.length - 1] ^= 0x01;
  return other;
}

/** y + p is the same number modulo p; it does not fit for most points, so x and y are all ones. */
function beyondP(point: Buffer): Buffer {
  return Buffer.concat([point.subarray(0, 1), Buffer.alloc(64, 0xff)]);
}

function withSign(y: Buffer): Buffer {
  y[31] |= 0x80;
  return y;
}

/** As Infineon's library made its primes, k·M + (65537^a mod M); the fingerprint does not care whether it is prime. */
function rocaFactor(): bigint {
  const M = primesBelow(168).reduce((product, prime) => product * BigInt(prime), 1n);
  const k = BigInt(`0x${randomBytes(100).toString('hex')}`);
  return k * M + powerModulo(65537n, BigInt(`0x${randomBytes(8).toString('hex')}`), M);
}

/** Odd factors of 1024 bits at a distance; the method does not care whether they are prime. */
function productApart(distance: bigint): bigint {
  const p =
    BigInt(`0xc${createHash('shake256', { outputLength: 128 }).update('p').digest('hex').slice(1)}`) | 1n;
  return p * (p + distance);
}

function powerModulo(base: bigint, exponent: bigint, modulo: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulo;
    if (bit === '1') result = (result * base) % modulo;
  }
  return result;
}

/** y of eight times a point of −x² + y² = 1 + dx²y², from its y alone: doubling takes x² only (RFC 8032 §5.1). */
function eightTimesY(y: bigint, p: bigint): bigint {
  const inverse = (value: bigint): bigint => powerModulo(((value % p) + p) % p, p - 2n, p);
  const d = (((-121665n * inverse(121666n)) % p) + p) % p;
  let current = y;
  for (let doubling = 0; doubling < 3; doubling += 1) {
    const ySquare = (current * current) % p;
    const xSquare = ((ySquare - 1n) * inverse(d * ySquare + 1n)) % p;
    // (y² + x²) / (2 − (y² − x²))
    current = ((ySquare + xSquare) * inverse(2n - ySquare + xSquare)) % p;
  }
  return ((current % p) + p) % p;
}
