import { canonicalJson } from '../../core/canonical-json.ts';
import { isObject } from '../../core/is-object.ts';
import { digest } from '../digest-algorithm.ts';
import { PkiError } from '../pki-error.ts';

export const ATTESTATION_FORMATS = ['android-key', 'apple-appattest'] as const;
export type AttestationFormat = (typeof ATTESTATION_FORMATS)[number];

/** Where a key is that a manufacturer vouches for. */
export const KEY_HARDWARE = ['trusted-environment', 'strongbox', 'secure-enclave'] as const;
export type KeyHardware = (typeof KEY_HARDWARE)[number];

/** What a device shows for its key, and what it was asked. */
export interface KeyAttestation {
  format: AttestationFormat;
  /** `android-key`: certificates, DER, the key's own first. `apple-appattest`: the attestation object, CBOR. */
  statement: readonly Buffer[];
  /** 32 octets of the service that the challenge was made of. */
  nonce: Buffer;
}

/** The hardware that holds the key, or the code of what was found to be wrong. */
export type AttestationVerdict = { hardware: KeyHardware } | { fault: string };

export const NONCE_OCTETS = 32;
/** Android chains have four or five certificates; a sixth comes with keys that attest keys. */
export const STATEMENT_PARTS_MAX = 10;
/** Apple's object has 6 KiB with its receipt, an Android chain as much. */
export const STATEMENT_OCTETS_MAX = 49_152;

/** What the device is given to sign: it is good for the one subject that it holds, and for no other. */
export function attestationChallenge(nonce: Uint8Array, subject: string): Buffer {
  return digest('sha256', Buffer.concat([nonce, Buffer.from(subject, 'utf8')]));
}

interface CertificateId {
  authorityId: string;
  serialNumber: Buffer;
}

/** What a key is attested for: an application, by its origin, or the certificate that a renewal replaces. */
export function attestedSubject(origin: string, replaces: CertificateId | undefined): string {
  return replaces && origin.startsWith('renewal:') ? certificateSubject(replaces) : origin;
}

/** As the challenge of a renewal holds it. */
export function certificateSubject({ authorityId, serialNumber }: CertificateId): string {
  return `certificate:${authorityId}/${serialNumber.toString('hex')}`;
}

/** The octets that are kept (canonical JSON, RFC 8785), and whose SHA-256 is recorded. */
export function encodeKeyAttestation({ format, statement, nonce }: KeyAttestation): Buffer {
  const parts = statement.map((part) => part.toString('base64'));
  return Buffer.from(canonicalJson({ format, nonce: nonce.toString('base64'), statement: parts }), 'utf8');
}

/** Reads them; throws PkiError `attestation-malformed`. */
export function parseKeyAttestation(bytes: Buffer): KeyAttestation {
  const value = readJson(bytes);
  const format = ATTESTATION_FORMATS.find((known) => known === value['format']);
  const { nonce, statement } = value;
  if (!format || typeof nonce !== 'string' || !Array.isArray(statement) || !statement.every(isText))
    throw malformed('it is no attestation as it is kept');
  const attestation: KeyAttestation = {
    format,
    nonce: Buffer.from(nonce, 'base64'),
    statement: statement.map((part) => Buffer.from(part, 'base64')),
  };
  assertKeyAttestation(attestation);
  return attestation;
}

/** Refuses sizes that no device sends; throws PkiError `attestation-malformed`. */
export function assertKeyAttestation({ nonce, statement }: KeyAttestation): void {
  const octets = statement.reduce((sum, part) => sum + part.length, 0);
  if (nonce.length !== NONCE_OCTETS) throw malformed(`a nonce has ${NONCE_OCTETS} octets`);
  if (statement.length === 0 || statement.length > STATEMENT_PARTS_MAX)
    throw malformed(`it has ${statement.length} parts; allowed are 1 to ${STATEMENT_PARTS_MAX}`);
  if (octets > STATEMENT_OCTETS_MAX)
    throw malformed(`it has ${octets} octets; allowed are ${STATEMENT_OCTETS_MAX}`);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function readJson(bytes: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    if (isObject(value)) return value;
  } catch {
    // What the parser says repeats what it has read.
  }
  throw malformed('it is no JSON object');
}

function malformed(detail: string): PkiError {
  return new PkiError('attestation-malformed', detail);
}
