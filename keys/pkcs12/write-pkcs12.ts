import { createHmac, randomBytes } from 'node:crypto';

import * as asn1 from '../../pki/der/encode.ts';
import { TAG } from '../../pki/der/tag.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { ALG, CMS, PKCS12 } from '../../pki/oid.ts';
import { encryptWithPassphrase } from '../encrypted-private-key.ts';
import type { Passphrase } from '../passphrase.ts';
import type { KeyDerivation } from '../pbes2-key-derivation.ts';
import { deriveMacKey } from './derive-mac-key.ts';
import type { Pkcs12Contents } from './pkcs12-contents.ts';
import { bmpPassword, pkcs12Password } from './pkcs12-password.ts';

/** What the OWASP password storage cheat sheet asks of PBKDF2-HMAC-SHA-256; NSS reads no more. */
const ITERATIONS = 600_000;
const SALT_OCTETS = 16;

/**
 * Writes key, certificate and chain into one PKCS#12 file (DER, RFC 7292): both encrypted by PBES2 with PBKDF2-HMAC-SHA-256 and
 * AES-256-CBC, and a MAC with HMAC-SHA-256. The MAC's key comes from Appendix B of the RFC: PBMAC1 (RFC 9579) is read by nobody
 * before OpenSSL 3.4 and JDK 24. Throws KeyError `pkcs12-password`.
 */
export async function writePkcs12(options: {
  contents: Pkcs12Contents;
  password: Passphrase;
  /** Absent: what resists guessing. */
  iterations?: number;
}): Promise<Buffer> {
  const { contents, password, iterations = ITERATIONS } = options;
  const text = pkcs12Password(password);
  const localKeyId = digest('sha1', contents.certificate.bytes);
  const attributes = bagAttributes(contents.friendlyName, localKeyId);
  const safe = asn1.sequence(
    await certificatesEncrypted(contents, attributes, { password, iterations }),
    await keyShrouded(contents, attributes, { password, iterations }),
  );
  const version3 = asn1.integer(3);
  return asn1.sequence(version3, dataOf(safe), macData(safe, bmpPassword(text), iterations));
}

interface Protection {
  password: Passphrase;
  iterations: number;
}

function encrypt(octets: Uint8Array, { password, iterations }: Protection) {
  const derivation: KeyDerivation = {
    kind: 'pbkdf2',
    salt: randomBytes(SALT_OCTETS),
    iterations,
    digest: 'sha256',
  };
  return encryptWithPassphrase(octets, derivation, password);
}

/** ContentInfo with EncryptedData (RFC 7292 §4.1): names and national ids are nobody's business either. */
async function certificatesEncrypted(
  { certificate, chain }: Pkcs12Contents,
  attributes: Buffer,
  protection: Protection,
): Promise<Buffer> {
  const bags = [
    certificateBag(certificate.bytes, attributes),
    ...chain.map(({ bytes }) => certificateBag(bytes)),
  ];
  const { algorithm, encrypted } = await encrypt(asn1.sequence(...bags), protection);
  const content = asn1.sequence(asn1.oid(CMS.data), algorithm, asn1.implicit(0, asn1.octetString(encrypted)));
  const encryptedData = asn1.sequence(asn1.integer(0), content);
  return asn1.sequence(asn1.oid(CMS.encryptedData), asn1.explicit(0, encryptedData));
}

function certificateBag(certificate: Uint8Array, attributes?: Buffer): Buffer {
  const bag = asn1.sequence(
    asn1.oid(PKCS12.x509Certificate),
    asn1.explicit(0, asn1.octetString(certificate)),
  );
  return safeBag(PKCS12.certificateBag, bag, attributes);
}

/** The key is encrypted in its bag (PKCS#8), which lies in plain data. */
async function keyShrouded(
  { privateKey }: Pkcs12Contents,
  attributes: Buffer,
  protection: Protection,
): Promise<Buffer> {
  const privateKeyInfo = privateKey.export({ type: 'pkcs8', format: 'der' });
  try {
    const { algorithm, encrypted } = await encrypt(privateKeyInfo, protection);
    const shrouded = asn1.sequence(algorithm, asn1.octetString(encrypted));
    return dataOf(asn1.sequence(safeBag(PKCS12.shroudedKeyBag, shrouded, attributes)));
  } finally {
    privateKeyInfo.fill(0);
  }
}

function safeBag(type: string, value: Buffer, attributes?: Buffer): Buffer {
  const parts = [asn1.oid(type), asn1.explicit(0, value)];
  return asn1.sequence(...parts, ...(attributes ? [attributes] : []));
}

/** `localKeyId` says which certificate is the key's (RFC 2985 §5.5.2). */
function bagAttributes(friendlyName: string, localKeyId: Buffer): Buffer {
  const name = asn1.element(TAG.bmpString, Buffer.from(friendlyName, 'utf16le').swap16());
  return asn1.setOf(
    asn1.sequence(asn1.oid(PKCS12.friendlyName), asn1.setOf(name)),
    asn1.sequence(asn1.oid(PKCS12.localKeyId), asn1.setOf(asn1.octetString(localKeyId))),
  );
}

function dataOf(octets: Buffer): Buffer {
  return asn1.sequence(asn1.oid(CMS.data), asn1.explicit(0, asn1.octetString(octets)));
}

function macData(safe: Buffer, password: Buffer, iterations: number): Buffer {
  const salt = randomBytes(SALT_OCTETS);
  const key = deriveMacKey({ password, salt, iterations });
  const mac = createHmac('sha256', key).update(safe).digest();
  const algorithm = asn1.sequence(asn1.oid(ALG.sha256), asn1.NULL);
  return asn1.sequence(
    asn1.sequence(algorithm, asn1.octetString(mac)),
    asn1.octetString(salt),
    asn1.integer(iterations),
  );
}
