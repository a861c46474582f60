import { pbkdf2, scrypt } from 'node:crypto';
import { promisify } from 'node:util';

import * as asn1 from '../pki/der/encode.ts';
import type { Cursor } from '../pki/der/decode.ts';
import { TAG } from '../pki/der/tag.ts';
import { numberOf, oidOf } from '../pki/der/values.ts';
import { KeyError } from './key-error.ts';
import type { Passphrase } from './passphrase.ts';

/** RFC 7914 §6: N (a power of two), r and p. */
export interface ScryptCost {
  costParameter: number;
  blockSize: number;
  parallelization: number;
}

export type KeyDerivation =
  | { kind: 'scrypt'; salt: Buffer; cost: ScryptCost }
  | { kind: 'pbkdf2'; salt: Buffer; iterations: number; digest: 'sha256' | 'sha384' | 'sha512' };

/** Of AES-256. */
export const KEY_OCTETS = 32;

/**
 * 0.15 to 0.3 s on one core of a server. `openssl pkey` grants scrypt 32 MiB, which N = 2^15 with r = 8 just exceeds; so
 * p carries the work (the OWASP password storage cheat sheet counts 2^14, 8, 5 equal to 2^15, 8, 3).
 */
export const SCRYPT_COST: ScryptCost = { costParameter: 2 ** 14, blockSize: 8, parallelization: 5 };

const SCRYPT = '1.3.6.1.4.1.11591.4.11';
const PBKDF2 = '1.2.840.113549.1.5.12';
const PRF_DIGESTS: Partial<Record<string, 'sha256' | 'sha384' | 'sha512'>> = {
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

/** What a key file may cost before it is believed: 256 MiB (2^18 with r = 8) and about 3 s on one core. */
const SCRYPT_MEMORY_OCTETS_MAX = 2 ** 28;
const SCRYPT_WORK_MAX = 2 ** 23;
const PBKDF2_ITERATIONS_MAX = 10_000_000;
const SALT_OCTETS_MAX = 1024;

/** AlgorithmIdentifier of a key derivation function. */
export function keyDerivationIdentifier(derivation: KeyDerivation): Buffer {
  return derivation.kind === 'scrypt' ? scryptIdentifier(derivation) : pbkdf2Identifier(derivation);
}

/** With PBKDF2-params (RFC 8018 Appendix A.2). */
function pbkdf2Identifier({ salt, iterations, digest }: Extract<KeyDerivation, { kind: 'pbkdf2' }>): Buffer {
  const [prf] = Object.entries(PRF_DIGESTS).find(([, name]) => name === digest)!;
  return asn1.sequence(
    asn1.oid(PBKDF2),
    asn1.sequence(
      asn1.octetString(salt),
      asn1.integer(iterations),
      // OPTIONAL, and redundant for AES-256; older readers take its absence for another cipher's length.
      asn1.integer(KEY_OCTETS),
      asn1.sequence(asn1.oid(prf), asn1.NULL),
    ),
  );
}

/** With scrypt-params (RFC 7914 §7.1). */
function scryptIdentifier(derivation: { salt: Uint8Array; cost: ScryptCost }): Buffer {
  const { costParameter, blockSize, parallelization } = derivation.cost;
  return asn1.sequence(
    asn1.oid(SCRYPT),
    asn1.sequence(
      asn1.octetString(derivation.salt),
      asn1.integer(costParameter),
      asn1.integer(blockSize),
      asn1.integer(parallelization),
    ),
  );
}

/** Reads the contents of a keyDerivationFunc; throws KeyError `key-file-unsupported`, or PkiError `der-malformed`. */
export function readKeyDerivation(identifier: Cursor): KeyDerivation {
  const oid = oidOf(identifier.read(TAG.oid));
  if (oid !== SCRYPT && oid !== PBKDF2)
    throw unsupported(`key derivation ${oid}; readable are scrypt and PBKDF2`);
  const parameters = identifier.into(TAG.sequence);
  identifier.end();
  const salt = parameters.read(TAG.octetString).content;
  if (salt.length > SALT_OCTETS_MAX)
    throw unsupported(`salt of ${salt.length} octets, at most ${SALT_OCTETS_MAX}`);
  const derivation = oid === SCRYPT ? readScrypt(parameters, salt) : readPbkdf2(parameters, salt);
  parameters.end();
  return derivation;
}

const scryptAsync = promisify<Buffer, Buffer, number, object, Buffer>(scrypt);
const pbkdf2Async = promisify(pbkdf2);

/** Derives the AES-256 key off the event loop; the caller wipes it. */
export function deriveKey(derivation: KeyDerivation, passphrase: Passphrase): Promise<Buffer> {
  if (derivation.kind === 'pbkdf2') {
    const { salt, iterations, digest } = derivation;
    return pbkdf2Async(passphrase.reveal(), salt, iterations, KEY_OCTETS, digest);
  }
  const { costParameter: N, blockSize: r, parallelization: p } = derivation.cost;
  // OpenSSL adds its blocks of work to the table; twice the table is more than it ever counts.
  return scryptAsync(passphrase.reveal(), derivation.salt, KEY_OCTETS, {
    N,
    r,
    p,
    maxmem: 256 * r * (N + p),
  });
}

function readScrypt(parameters: Cursor, salt: Buffer): KeyDerivation {
  const [costParameter, blockSize, parallelization] = [0, 1, 2].map(() =>
    numberOf(parameters.read(TAG.integer)),
  );
  assertKeyLength(parameters);
  const memory = 128 * costParameter * blockSize;
  const work = costParameter * blockSize * parallelization;
  const positive = costParameter > 1 && blockSize > 0 && parallelization > 0;
  if (
    !positive ||
    !Number.isInteger(Math.log2(costParameter)) ||
    memory > SCRYPT_MEMORY_OCTETS_MAX ||
    work > SCRYPT_WORK_MAX
  ) {
    throw unsupported(
      `scrypt cost N=${costParameter} r=${blockSize} p=${parallelization}; allowed are N a power of two, ` +
        `128·N·r ≤ ${SCRYPT_MEMORY_OCTETS_MAX} and N·r·p ≤ ${SCRYPT_WORK_MAX}`,
    );
  }
  return { kind: 'scrypt', salt, cost: { costParameter, blockSize, parallelization } };
}

/** PBKDF2-params (RFC 8018 Appendix A.2); the default PRF, HMAC with SHA-1, is left to older software. */
function readPbkdf2(parameters: Cursor, salt: Buffer): KeyDerivation {
  const iterations = numberOf(parameters.read(TAG.integer));
  assertKeyLength(parameters);
  const prf = parameters.intoOptional(TAG.sequence);
  const digest = prf && PRF_DIGESTS[oidOf(prf.read(TAG.oid))];
  if (!digest) throw unsupported('PBKDF2 without HMAC-SHA-256, -384 or -512');
  prf.readOptional(TAG.null);
  prf.end();
  if (iterations < 1 || iterations > PBKDF2_ITERATIONS_MAX) {
    throw unsupported(`PBKDF2 with ${iterations} iterations; allowed are 1 to ${PBKDF2_ITERATIONS_MAX}`);
  }
  return { kind: 'pbkdf2', salt, iterations, digest };
}

function assertKeyLength(parameters: Cursor): void {
  const field = parameters.readOptional(TAG.integer);
  if (field && numberOf(field) !== KEY_OCTETS)
    throw unsupported(`key length ${numberOf(field)}, expected ${KEY_OCTETS}`);
}

function unsupported(detail: string): KeyError {
  return new KeyError('key-file-unsupported', detail);
}
