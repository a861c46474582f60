import {
  constants,
  createECDH,
  createPrivateKey,
  generateKeyPairSync,
  privateDecrypt,
  privateEncrypt,
} from 'node:crypto';

import { encodeTlv, parseTlv } from './tlv.ts';
import { SW, refuse } from './status-words.ts';

/** A private key as the card keeps it: PKCS#8 PEM for RSA, the scalar in hexadecimal for P-256. */
export type StoredKey = { kind: 'rsa'; pem: string } | { kind: 'p-256'; scalar: string };

const ALGORITHM = { makeRsa2048: 0xf3, makeEc: 0xec } as const;

const P256_ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
const P256_PRIME = 'ffffffff00000001000000000000000000000000ffffffffffffffffffffffff';

/** Makes a key; `description` has the curve's parameters, or is empty for RSA. Answers it with its public key. */
export function generateCardKey(algorithm: number, description: Buffer): { key: StoredKey; answer: Buffer } {
  if (algorithm === ALGORITHM.makeRsa2048) return generateRsa();
  if (algorithm === ALGORITHM.makeEc) return generateP256(parseTlv(description));
  return refuse(SW.functionNotSupported);
}

/** RSA: pads by PKCS#1 v1.5 what it is given. P-256: signs the digest that it is given; the answer is DER. */
export function signWithCardKey(key: StoredKey, input: Buffer): Buffer {
  if (key.kind === 'p-256') return signP256(BigInt(`0x${key.scalar}`), input);
  return privateEncrypt({ key: createPrivateKey(key.pem), padding: constants.RSA_PKCS1_PADDING }, input);
}

export function decipherWithCardKey(key: StoredKey, input: Buffer): Buffer {
  if (key.kind !== 'rsa') return refuse(SW.functionNotSupported);
  // ISO/IEC 7816-8 puts a padding indicator of zero before the cryptogram.
  const cryptogram = input[0] === 0 && input.length === 257 ? input.subarray(1) : input;
  return privateDecrypt({ key: createPrivateKey(key.pem), padding: constants.RSA_PKCS1_PADDING }, cryptogram);
}

function generateRsa(): { key: StoredKey; answer: Buffer } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const modulus = Buffer.from(publicKey.export({ format: 'jwk' }).n!, 'base64url');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const parts = [encodeTlv(0x81, modulus), encodeTlv(0x82, Buffer.from([1, 0, 1]))];
  return { key: { kind: 'rsa', pem }, answer: encodeTlv(0x7f49, Buffer.concat(parts)) };
}

function generateP256(curve: Map<number, Buffer>): { key: StoredKey; answer: Buffer } {
  if (curve.get(0x81)?.toString('hex') !== P256_PRIME) refuse(SW.functionNotSupported);
  const pair = createECDH('prime256v1');
  const point = pair.generateKeys();
  // The parameters are answered as they came: the driver compares them.
  const parts = [0x81, 0x82, 0x83, 0x84, 0x85].map((tag) => encodeTlv(tag, curve.get(tag)!));
  parts.push(encodeTlv(0x86, point), encodeTlv(0x87, curve.get(0x87)!));
  const scalar = pair.getPrivateKey('hex').padStart(64, '0');
  return { key: { kind: 'p-256', scalar }, answer: encodeTlv(0x7f49, Buffer.concat(parts)) };
}

/** ECDSA (FIPS 186-5 §6.4.1) over a digest: Node signs messages only, but gives k·G with its ECDH. */
function signP256(scalar: bigint, digest: Buffer): Buffer {
  const z = BigInt(`0x${digest.subarray(0, 32).toString('hex')}`);
  for (;;) {
    const once = createECDH('prime256v1');
    const r = BigInt(`0x${once.generateKeys().subarray(1, 33).toString('hex')}`) % P256_ORDER;
    const k = BigInt(`0x${once.getPrivateKey('hex')}`);
    const s = (inverse(k) * (z + r * scalar)) % P256_ORDER;
    if (r !== 0n && s !== 0n) return encodeTlv(0x30, Buffer.concat([derInteger(r), derInteger(s)]));
  }
}

/** By Fermat: the order is a prime. */
function inverse(value: bigint): bigint {
  let result = 1n;
  let base = value % P256_ORDER;
  for (let exponent = P256_ORDER - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % P256_ORDER;
    base = (base * base) % P256_ORDER;
  }
  return result;
}

function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const octets = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return encodeTlv(0x02, octets[0] & 0x80 ? Buffer.concat([Buffer.of(0), octets]) : octets);
}
