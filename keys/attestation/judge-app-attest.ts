import { createHash } from 'node:crypto';

import type { KeyHardware } from '../../pki/attestation/key-attestation.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { openWhole } from '../../pki/der/decode.ts';
import { TAG, context } from '../../pki/der/tag.ts';
import { bitOctetsOf } from '../../pki/der/values.ts';
import { AttestationError } from './attestation-error.ts';
import type { AttestationFault } from './attestation-error.ts';
import type { ApplePolicy } from './attestation-policy.ts';
import { readCbor } from './cbor-reader.ts';
import type { CborValue } from './cbor-reader.ts';
import type { AttestedKey } from './judge-android-key.ts';
import { verifyAttestationChain } from './verify-attestation-chain.ts';

/** The certificate extension with the nonce that Apple has signed. */
export const APP_ATTEST_NONCE = '1.2.840.113635.100.8.2';

/** Of the App Store; `appattestdevelop` is a build on a developer's desk. */
const PRODUCTION = Buffer.concat([Buffer.from('appattest'), Buffer.alloc(7)]);

/**
 * The hardware of an iOS key. Apple attests a key of its own, with which an app cannot sign a request: what it vouches for is that
 * our app runs, unchanged, on an iPhone and asked with these octets. They hold the key of the request, which our app makes in the
 * Secure Enclave and nowhere else. Throws AttestationError, or PkiError for what cannot be read.
 *
 * @see https://developer.apple.com/documentation/devicecheck/validating-apps-that-connect-to-your-server
 */
export function judgeAppAttest(policy: ApplePolicy, key: AttestedKey): KeyHardware {
  const { certificates, authenticatorData } = readObject(key.statement);
  const [leaf] = verifyAttestationChain(certificates, policy.roots, key.now);
  const facts: Facts = { ...readAuthenticatorData(authenticatorData), leaf, policy };
  const expected = sha256(authenticatorData, clientDataHash(key.challenge, key.subjectPublicKeyInfo));
  if (!nonceOf(leaf).equals(expected))
    throw new AttestationError(
      'attestation-challenge',
      'it answers another challenge, or is for another key',
    );
  for (const { fault, detail, holds } of RULES) if (!holds(facts)) throw new AttestationError(fault, detail);
  return 'secure-enclave';
}

/** What the app hands to Apple as `clientDataHash`. */
export function clientDataHash(challenge: Buffer, subjectPublicKeyInfo: Buffer): Buffer {
  return sha256(challenge, sha256(subjectPublicKeyInfo));
}

interface AuthenticatorData {
  applicationHash: Buffer;
  counter: number;
  environment: Buffer;
  credentialId: Buffer;
}

interface Facts extends AuthenticatorData {
  leaf: Certificate;
  policy: ApplePolicy;
}

const RULES: readonly { fault: AttestationFault; detail: string; holds(facts: Facts): boolean }[] = [
  {
    fault: 'attestation-application',
    detail: 'another app has asked',
    holds: ({ applicationHash, policy }) =>
      policy.appIds.some((id) => sha256(Buffer.from(id)).equals(applicationHash)),
  },
  {
    fault: 'attestation-counter',
    detail: 'the key of the app has been used before',
    holds: ({ counter }) => counter === 0,
  },
  {
    fault: 'attestation-environment',
    detail: 'it comes from a build for development',
    holds: ({ environment }) => environment.equals(PRODUCTION),
  },
  {
    fault: 'attestation-key',
    detail: 'the credential is not the key that Apple has certified',
    holds: ({ credentialId, leaf }) => credentialId.equals(sha256(pointOf(leaf))),
  },
];

function readObject(statement: readonly Buffer[]): { certificates: Buffer[]; authenticatorData: Buffer } {
  if (statement.length !== 1) throw unreadable('there is one attestation object');
  const object = mapOf(readCbor(statement[0]));
  if (object.get('fmt') !== 'apple-appattest') throw unreadable('it is of another format');
  const certificates = mapOf(object.get('attStmt')).get('x5c');
  const authenticatorData = object.get('authData');
  if (!Array.isArray(certificates) || !certificates.every((one) => Buffer.isBuffer(one)))
    throw unreadable('it has no certificates');
  if (certificates.length === 0 || !Buffer.isBuffer(authenticatorData)) throw unreadable('a part is missing');
  return { certificates, authenticatorData };
}

/** Web Authentication §6.1 and §6.5.1: what stands before the credential's key; the certificate has the key. */
function readAuthenticatorData(data: Buffer): AuthenticatorData {
  if (data.length < 55) throw unreadable('the authenticator data are cut off');
  const idOctets = data.readUInt16BE(53);
  if (data.length < 55 + idOctets) throw unreadable('the authenticator data are cut off');
  return {
    applicationHash: data.subarray(0, 32),
    counter: data.readUInt32BE(33),
    environment: data.subarray(37, 53),
    credentialId: data.subarray(55, 55 + idOctets),
  };
}

/** SEQUENCE { [1] EXPLICIT OCTET STRING }. */
function nonceOf({ extensions }: Certificate): Buffer {
  const extension = extensions.get(APP_ATTEST_NONCE);
  if (!extension) throw new AttestationError('attestation-extension', 'Apple has signed no nonce');
  const cursor = openWhole(extension.value);
  const inner = cursor.into(context(1));
  const nonce = inner.read(TAG.octetString).content;
  inner.end();
  cursor.end();
  return nonce;
}

/** The uncompressed point, which Apple hashes. */
function pointOf({ subjectPublicKeyInfo }: Certificate): Buffer {
  const cursor = openWhole(subjectPublicKeyInfo);
  cursor.read(TAG.sequence);
  return bitOctetsOf(cursor.read(TAG.bitString));
}

function mapOf(value: CborValue | undefined): Map<string | number, CborValue> {
  if (value instanceof Map) return value;
  throw unreadable('a part is missing');
}

function sha256(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function unreadable(detail: string): AttestationError {
  return new AttestationError('attestation-unreadable', `the attestation object cannot be read: ${detail}`);
}
