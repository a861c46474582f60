import { constants, generateKeyPairSync, privateEncrypt, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import t from 'tap';

import { Cursor, openWhole } from '../../pki/der/decode.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { TAG } from '../../pki/der/tag.ts';
import { bigintOf } from '../../pki/der/values.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { importPublicKey, importPublicKeyRaw } from '../../pki/public-key.ts';
import { verifySignature } from '../../pki/signature-algorithm.ts';
import type { SignatureScheme } from '../../pki/signature-algorithm.ts';
import { ecdsaValueOf } from '../../formats/jws/ecdsa-value.ts';

// The defects that Project Wycheproof collects, of every curve and scheme that is verified here: each is refused, the sound one is not.

const message = Buffer.from('Rp. Digoxin 0.25 mg');

/** Orders of the curves (FIPS 186-5, RFC 5639). */
const CURVES = {
  prime256v1: 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
  secp384r1:
    'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
  secp521r1:
    '01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
  brainpoolP256r1: 'a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7',
} as const;

type Pair = Record<'r' | 's', bigint>;

const ECDSA_DEFECTS: Record<string, (pair: Pair, order: bigint, der: Buffer) => Buffer> = {
  'r = 0': ({ s }) => value(0n, s),
  's = 0': ({ r }) => value(r, 0n),
  'r = s = 0': () => value(0n, 0n),
  'r = s = 1': () => value(1n, 1n),
  'r = n': ({ s }, order) => value(order, s),
  's = n': ({ r }, order) => value(r, order),
  'r = n - 1, s = n - 1': (_, order) => value(order - 1n, order - 1n),
  'r + n': ({ r, s }, order) => value(r + order, s),
  's + n': ({ r, s }, order) => value(r, s + order),
  'r - n': ({ r, s }, order) => value(r - order, s),
  '-r': ({ r, s }) => value(-r, s),
  '-s': ({ r, s }) => value(r, -s),
  'r and s exchanged': ({ r, s }) => value(s, r),
  'r of a thousand octets': ({ s }) => asn1.sequence(integer(1n << 8_000n), integer(s)),
  'leading zeros': ({ r, s }) => asn1.sequence(padded(r), integer(s)),
  'an empty integer': ({ s }) => asn1.sequence(asn1.element(TAG.integer), integer(s)),
  'a length in long form': (_pair, _order, der) => longForm(der),
  'a length of zeros': (_pair, _order, der) => Buffer.concat([Buffer.from([0x30, 0x82, 0]), der.subarray(1)]),
  'an indefinite length': (_pair, _order, der) =>
    Buffer.concat([Buffer.from([0x30, 0x80]), contentsOf(der), Buffer.alloc(2)]),
  'octets after it': (_pair, _order, der) => Buffer.concat([der, Buffer.from([5, 0])]),
  'octets inside of it': ({ r, s }) => asn1.sequence(integer(r), integer(s), asn1.NULL),
  'a SET': (_pair, _order, der) => asn1.element(TAG.set, contentsOf(der)),
  'an ENUMERATED': ({ r, s }) => asn1.sequence(asn1.element(0x0a, contentsOf(integer(r))), integer(s)),
  'a REAL': ({ s }) => asn1.sequence(Buffer.from('090380fe01', 'hex'), integer(s)),
  'r alone': ({ r }) => asn1.sequence(integer(r)),
  'cut off': (_pair, _order, der) => der.subarray(0, -1),
  nothing: () => Buffer.alloc(0),
};

t.test('ECDSA', async (t) => {
  for (const [namedCurve, hex] of Object.entries(CURVES)) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
    const scheme: SignatureScheme = { kind: 'ecdsa', digest: 'sha256' };
    const sound = sign('sha256', message, privateKey);
    t.ok(verifySignature(scheme, publicKey, message, sound), namedCurve);
    const fields = openWhole(sound);
    const pair = { r: bigintOf(fields.read(TAG.integer)), s: bigintOf(fields.read(TAG.integer)) };
    const order = BigInt(`0x${hex}`);
    for (const [defect, make] of Object.entries(ECDSA_DEFECTS))
      refuses(t, scheme, publicKey, make(pair, order, sound), `${namedCurve}: ${defect}`);
    const octets = hex.length / 2;
    const raw = (r: bigint, s: bigint, size = octets) => Buffer.concat([fixed(r, size), fixed(s, size)]);
    t.strictSame(ecdsaValueOf(raw(pair.r, pair.s), octets), sound, 'as JOSE writes it');
    for (const [defect, octetsOfIt] of [
      ['r = 0', raw(0n, pair.s)],
      ['s = 0', raw(pair.r, 0n)],
      ['an octet more', raw(pair.r, pair.s, octets + 1)],
      ['DER', sound],
      ['half', fixed(pair.r, octets)],
    ] as const)
      t.equal(ecdsaValueOf(octetsOfIt, octets), undefined, `${namedCurve} of JOSE: ${defect}`);
    for (const [r, s] of [
      [order, pair.s],
      [pair.r, order],
    ])
      refuses(t, scheme, publicKey, ecdsaValueOf(raw(r, s), octets)!, `${namedCurve} of JOSE: n`);
  }
});

t.test('Ed25519', async (t) => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const scheme: SignatureScheme = { kind: 'ed25519', digest: null };
  const sound = sign(null, message, privateKey);
  t.ok(verifySignature(scheme, publicKey, message, sound));
  const order = (1n << 252n) + 27742317777372353535851937790883648493n;
  const scalar = BigInt(`0x${Buffer.from(sound.subarray(32)).reverse().toString('hex')}`);
  const withScalar = (changed: bigint) =>
    Buffer.concat([sound.subarray(0, 32), fixed(changed, 32).reverse()]);
  const defects: Record<string, Buffer> = {
    'S + L': withScalar(scalar + order),
    'S = 0': withScalar(0n),
    'S of ones': Buffer.concat([sound.subarray(0, 32), Buffer.alloc(32, 0xff)]),
    'R = 0': Buffer.concat([Buffer.alloc(32), sound.subarray(32)]),
    'R that is no point': Buffer.concat([Buffer.alloc(32, 0xff), sound.subarray(32)]),
    'an octet more': Buffer.concat([sound, Buffer.alloc(1)]),
    'an octet less': sound.subarray(1),
    nothing: Buffer.alloc(0),
  };
  for (const [defect, octets] of Object.entries(defects)) refuses(t, scheme, publicKey, octets, defect);
});

t.test('RSA with PKCS #1 v1.5', async (t) => {
  for (const publicExponent of [3, 65_537]) {
    const { privateKey: key, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicExponent,
    });
    const scheme: SignatureScheme = { kind: 'rsa-pkcs1', digest: 'sha256' };
    const raw = (block: Buffer) => privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, block);
    const hash = digest('sha256', message);
    const algorithm = (hex: string) => Buffer.from(hex, 'hex');
    const sha256 = algorithm('300d06096086480165030402010500');
    const info = (identifier: Buffer, octets: Buffer) => asn1.sequence(identifier, asn1.octetString(octets));
    const sound = info(sha256, hash);
    const signed = raw(blockOf(sound));
    t.ok(verifySignature(scheme, publicKey, message, signed), `e = ${publicExponent}`);
    const modulus = Buffer.from(publicKey.export({ format: 'jwk' }).n!, 'base64url');
    const defects: Record<string, Buffer> = {
      'the identifier of SHA-384': raw(blockOf(info(algorithm('300d06096086480165030402020500'), hash))),
      'the identifier of SHA-1': raw(blockOf(info(algorithm('300906052b0e03021a0500'), hash))),
      'SHA-1': raw(blockOf(info(algorithm('300906052b0e03021a0500'), digest('sha1', message)))),
      'parameters that hold octets': raw(
        blockOf(info(algorithm('300f060960864801650304020105020000'), hash)),
      ),
      'no parameters': raw(blockOf(info(algorithm('300b0609608648016503040201'), hash))),
      'a long length of the sequence': raw(blockOf(longForm(sound))),
      'a long length of the hash': raw(
        blockOf(asn1.sequence(sha256, Buffer.concat([Buffer.from([4, 0x81, 32]), hash]))),
      ),
      'an indefinite length': raw(
        blockOf(Buffer.concat([Buffer.from([0x30, 0x80]), contentsOf(sound), Buffer.alloc(2)])),
      ),
      'octets after the hash, in the sequence': raw(
        blockOf(asn1.sequence(sha256, asn1.octetString(hash), asn1.NULL)),
      ),
      'octets after it': raw(blockOf(Buffer.concat([sound, Buffer.alloc(8)]))),
      'garbage in place of padding': raw(
        Buffer.concat([Buffer.from([0, 1, 0xff, 0]), sound, Buffer.alloc(256 - 4 - sound.length, 7)]),
      ),
      'padding without its zero': raw(
        Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(254 - sound.length, 0xff), sound]),
      ),
      'block type 2': raw(blockOf(sound, 2)),
      'another hash': raw(blockOf(info(sha256, digest('sha256', hash)))),
      'the modulus added': add(signed, modulus),
      'an octet more': Buffer.concat([Buffer.alloc(1), signed]),
      'an octet less': signed.subarray(1),
      zeros: Buffer.alloc(256),
      one: Buffer.concat([Buffer.alloc(255), Buffer.from([1])]),
      'the modulus': modulus,
      'of PSS': sign('sha256', message, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
    };
    for (const [defect, octets] of Object.entries(defects))
      refuses(t, scheme, publicKey, octets, `e = ${publicExponent}: ${defect}`);
  }
});

t.test('keys that are none', async (t) => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const head = spki.subarray(0, spki.length - 64);
  const [x, y] = [spki.subarray(-64, -32), spki.subarray(-32)];
  const prime = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
  const point = (octets: Buffer) => asn1.sequence(identifierOf(spki), asn1.bitString(octets));
  const compressed = point(Buffer.concat([Buffer.from([2 + (y[31] & 1)]), x]));
  t.equal(importPublicKey(compressed).asymmetricKeyType, 'ec', 'a compressed point is one');
  const keys: Record<string, Buffer> = {
    'off the curve': Buffer.concat([head, x, Buffer.from(y).fill(1, 31)]),
    'the origin': Buffer.concat([head, Buffer.alloc(64)]),
    'a coordinate that is not reduced': Buffer.concat([head, fixed(prime, 32), y]),
    'the point at infinity': point(Buffer.from([0])),
    'an empty point': point(Buffer.alloc(0)),
    'a point that is cut off': point(Buffer.concat([Buffer.from([4]), x])),
    'hybrid form of the other sign': point(Buffer.concat([Buffer.from([6 + ((y[31] & 1) ^ 1)]), x, y])),
    'a curve that does not exist': asn1.sequence(
      asn1.sequence(asn1.oid('1.2.840.10045.2.1'), asn1.oid('1.2.840.10045.3.1.99')),
      asn1.bitString(Buffer.concat([Buffer.from([4]), x, y])),
    ),
    'no curve': asn1.sequence(
      asn1.sequence(asn1.oid('1.2.840.10045.2.1'), asn1.NULL),
      asn1.bitString(Buffer.concat([Buffer.from([4]), x, y])),
    ),
    // CVE-2020-0601: a generator of one's own makes somebody else's key one's own.
    'a curve in its own words': explicitCurve(Buffer.concat([Buffer.from([4]), x, y])),
    'octets after it': Buffer.concat([spki, Buffer.from([0])]),
  };
  for (const [defect, octets] of Object.entries(keys)) {
    t.throws(() => importPublicKey(octets), { code: 'key-malformed' }, defect);
    await t.rejects(importPublicKeyRaw(octets), { code: 'key-malformed' }, `${defect}, the quick way`);
  }
});

interface Tap {
  notOk(value: unknown, message: string): void;
}

function refuses(t: Tap, scheme: SignatureScheme, key: KeyObject, signature: Buffer, defect: string): void {
  t.notOk(verifySignature(scheme, key, message, signature), defect);
}

function value(r: bigint, s: bigint): Buffer {
  return asn1.sequence(integer(r), integer(s));
}

/** Two's complement, as short as it can be. */
function integer(of: bigint): Buffer {
  let octets = 1;
  while (BigInt.asIntN(octets * 8, of) !== of) octets += 1;
  return asn1.element(TAG.integer, fixed(BigInt.asUintN(octets * 8, of), octets));
}

function padded(of: bigint): Buffer {
  return asn1.element(TAG.integer, Buffer.alloc(3), contentsOf(integer(of)));
}

function fixed(of: bigint, octets: number): Buffer {
  return Buffer.from(of.toString(16).padStart(octets * 2, '0'), 'hex');
}

function contentsOf(element: Buffer): Buffer {
  const [{ content }] = new Cursor(element).elements();
  return content;
}

/** The same with a length of one octet more than it needs. */
function longForm(element: Buffer): Buffer {
  const contents = contentsOf(element);
  const length =
    contents.length < 0x80 ? [0x81, contents.length] : [0x82, contents.length >> 8, contents.length & 0xff];
  return Buffer.concat([element.subarray(0, 1), Buffer.from(length), contents]);
}

function blockOf(info: Buffer, type = 1): Buffer {
  return Buffer.concat([
    Buffer.from([0, type]),
    Buffer.alloc(253 - info.length, 0xff),
    Buffer.from([0]),
    info,
  ]);
}

function add(signature: Buffer, modulus: Buffer): Buffer {
  const sum = BigInt(`0x${signature.toString('hex')}`) + BigInt(`0x${modulus.toString('hex')}`);
  return fixed(sum, sum.toString(16).length > 512 ? 257 : 256);
}

function identifierOf(spki: Buffer): Buffer {
  return openWhole(spki).read(TAG.sequence).bytes;
}

/** SpecifiedECDomain of P-256 (RFC 3279 §2.3.5), which RFC 5480 §2.1.1 forbids. */
function explicitCurve(publicPoint: Buffer): Buffer {
  const octets = (hex: string) => asn1.octetString(Buffer.from(hex, 'hex'));
  const unsigned = (hex: string) => integer(BigInt(`0x${hex}`));
  const prime = 'ffffffff00000001000000000000000000000000ffffffffffffffffffffffff';
  const parameters = asn1.sequence(
    asn1.integer(1),
    asn1.sequence(asn1.oid('1.2.840.10045.1.1'), unsigned(prime)),
    asn1.sequence(
      octets('ffffffff00000001000000000000000000000000fffffffffffffffffffffffc'),
      octets('5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b'),
    ),
    octets(
      '046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
    ),
    unsigned(CURVES.prime256v1),
    asn1.integer(1),
  );
  return asn1.sequence(asn1.sequence(asn1.oid('1.2.840.10045.2.1'), parameters), asn1.bitString(publicPoint));
}
