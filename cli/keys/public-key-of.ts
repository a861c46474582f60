import { createPrivateKey, createPublicKey } from 'node:crypto';

import { DomainError } from '../../core/errors.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { parseCertificationRequest } from '../../pki/certification-request.ts';
import { decodePem } from '../../pki/pem.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { importPublicKey } from '../../pki/public-key.ts';

type ReadKey = (bytes: Buffer) => Buffer;

const FROM_CERTIFICATE: ReadKey = (bytes) => parseCertificate(bytes).subjectPublicKeyInfo;
const FROM_REQUEST: ReadKey = (bytes) => parseCertificationRequest(bytes).subjectPublicKeyInfo;
const FROM_PUBLIC_KEY: ReadKey = (bytes) => {
  importPublicKey(bytes);
  return bytes;
};

/** How the key is read from each kind of PEM block; a private key is what finders of a leak hand in. */
const BY_LABEL: Readonly<Record<string, ReadKey>> = {
  CERTIFICATE: FROM_CERTIFICATE,
  'CERTIFICATE REQUEST': FROM_REQUEST,
  'NEW CERTIFICATE REQUEST': FROM_REQUEST,
  'PUBLIC KEY': FROM_PUBLIC_KEY,
  'PRIVATE KEY': fromPrivateKey('pkcs8'),
  'RSA PRIVATE KEY': fromPrivateKey('pkcs1'),
  'EC PRIVATE KEY': fromPrivateKey('sec1'),
};

/**
 * SubjectPublicKeyInfo (DER) of the one certificate, request, public or unencrypted private key in a file, DER or PEM. Throws
 * DomainError `key-input-unknown` for anything else, and for more than one of them: the key to block is never guessed.
 */
export function publicKeyOf(file: Buffer): Buffer {
  const blocks = decodePem(file.toString('latin1'), Object.keys(BY_LABEL));
  if (blocks.length > 1) throw unknown(`${blocks.length} keys or certificates; expected one`);
  const [block] = blocks;
  const readers = block ? [BY_LABEL[block.label]] : [FROM_CERTIFICATE, FROM_REQUEST, FROM_PUBLIC_KEY];
  for (const read of readers) {
    const key = attempt(read, block?.bytes ?? file);
    if (key) return key;
  }
  throw unknown('neither certificate, request nor key in DER or PEM');
}

function fromPrivateKey(type: 'pkcs8' | 'pkcs1' | 'sec1'): ReadKey {
  return (bytes) => {
    try {
      const privateKey = createPrivateKey({ key: bytes, format: 'der', type });
      return createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
    } catch (cause) {
      throw new PkiError('key-malformed', 'the private key cannot be read', { cause });
    }
  };
}

function attempt(read: ReadKey, bytes: Buffer): Buffer | undefined {
  try {
    return read(bytes);
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

function unknown(detail: string): DomainError {
  return new DomainError('key-input-unknown', `the file has ${detail}`);
}
