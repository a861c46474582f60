import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { calculateJwkThumbprint } from 'jose';
import type { JWK } from 'jose';

import { certificateFingerprint, parseCertificate } from '../../pki/certificate.ts';
import { decodePem } from '../../pki/pem.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { SigningError } from '../signing-error.ts';

/** What an operator enters: a public JWK, or a certificate in PEM. */
export type CredentialInput = { jwk: Record<string, unknown> } | { certificate: string };

type ReadCredential =
  { kind: 'jwk'; keyId: string; jwk: JWK } | { kind: 'certificate'; keyId: string; notAfter: Date };

/** Members of public keys that we take (RFC 7518 §6, RFC 8037 §2); whatever else an operator pastes is not kept. */
const KEY_MEMBERS = ['kty', 'crv', 'x', 'y', 'n', 'e'] as const;
const RSA_BITS_MIN = 2048;

/** Algorithms of each kind of key: the key decides which are taken, never what is signed alone. */
const ALGORITHMS: Readonly<Record<string, string[]>> = {
  'EC:P-256': ['ES256'],
  'EC:P-384': ['ES384'],
  'OKP:Ed25519': ['EdDSA', 'Ed25519'],
  // Libraries of clients take RS256 unless they are told otherwise; both are sound.
  'RSA:': ['PS256', 'RS256'],
};

/** Throws SigningError `client-credential-malformed`. */
export async function readClientCredential(input: CredentialInput): Promise<ReadCredential> {
  return 'jwk' in input ? readJwk(input.jwk) : readCertificate(input.certificate);
}

/** The key of a stored JWK, and with which algorithms it may sign. */
export function clientKeyOf(jwk: JWK): { key: KeyObject; algorithms: string[] } {
  const key = createPublicKey({ key: jwk as Record<string, unknown>, format: 'jwk' });
  return { key, algorithms: ALGORITHMS[kindOf(jwk)] };
}

function kindOf({ kty, crv = '' }: JWK): string {
  return `${kty}:${crv}`;
}

async function readJwk(given: Record<string, unknown>): Promise<ReadCredential> {
  if ('d' in given || 'k' in given)
    throw malformed('this is a secret: register the public key alone, and make another');
  const members = KEY_MEMBERS.flatMap((name) =>
    typeof given[name] === 'string' ? [[name, given[name]]] : [],
  );
  const jwk = Object.fromEntries(members) as JWK;
  if (!ALGORITHMS[kindOf(jwk)]) throw malformed('P-256, P-384, Ed25519 and RSA keys are taken');
  if (jwk.kty === 'RSA' && Buffer.from(jwk.n ?? '', 'base64url').length * 8 < RSA_BITS_MIN)
    throw malformed(`an RSA key of at least ${RSA_BITS_MIN} bits is needed`);
  try {
    clientKeyOf(jwk);
    return { kind: 'jwk', keyId: await calculateJwkThumbprint(jwk), jwk };
  } catch (cause) {
    throw malformed('the key cannot be read', cause);
  }
}

function readCertificate(pem: string): ReadCredential {
  try {
    const [block] = decodePem(pem, ['CERTIFICATE']);
    const certificate = parseCertificate(block.bytes);
    const keyId = certificateFingerprint(certificate).toString('hex');
    return { kind: 'certificate', keyId, notAfter: certificate.notAfter };
  } catch (cause) {
    if (!(cause instanceof PkiError || cause instanceof TypeError)) throw cause;
    throw malformed('the certificate cannot be read', cause);
  }
}

function malformed(detail: string, cause?: unknown): SigningError {
  return new SigningError('client-credential-malformed', detail, { cause });
}
