import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import type { Signer } from '../keys/signer.ts';
import { parseCertificate } from '../pki/certificate.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { Extension } from '../pki/extension.ts';
import { basicConstraintsExtension } from '../pki/extensions/basic-constraints.ts';
import { extendedKeyUsageExtension } from '../pki/extensions/extended-key-usage.ts';
import { keyUsageExtension } from '../pki/extensions/key-usage.ts';
import { ocspNoCheckExtension } from '../pki/extensions/ocsp-no-check.ts';
import { encodeName } from '../pki/name.ts';
import { AT, KP } from '../pki/oid.ts';
import { SIGNATURE_SCHEMES, paddingOf, signatureAlgorithmIdentifier } from '../pki/signature-algorithm.ts';
import { encodeSigned, encodeTbsCertificate } from '../pki/tbs-certificate.ts';

/** Keys of a responder that is measured. */
export type BenchKeyType = 'p-256' | 'rsa-2048';

/** Keys of an authority and its responder, PKCS#8 in PEM, for processes that answer for the same one. */
export interface BenchKeys {
  authority: string;
  responder: string;
}

/** A CA and its delegated responder, valid throughout. */
export interface BenchOcspAuthority {
  issuer: Certificate;
  authorityKey: KeyObject;
  responder: { certificate: Certificate; signer: Signer; privateKey: KeyObject };
}

const NOT_BEFORE = new Date('2026-01-01T00:00:00Z');
const NOT_AFTER = new Date('2035-12-31T23:59:59Z');

export async function benchOcspAuthority(
  keyType: BenchKeyType,
  keys?: BenchKeys,
): Promise<BenchOcspAuthority> {
  const ca = openSigner('p-256', keys ? createPrivateKey(keys.authority) : newKey('p-256'));
  const issuer = await certify(ca.signer, ca.signer, 'Bench CA', [
    basicConstraintsExtension({ ca: true, pathLength: 0 }),
    keyUsageExtension(['keyCertSign', 'cRLSign']),
  ]);
  const { signer, privateKey } = openSigner(
    keyType,
    keys ? createPrivateKey(keys.responder) : newKey(keyType),
  );
  const certificate = await certify(
    signer,
    ca.signer,
    'Bench OCSP responder',
    [
      keyUsageExtension(['digitalSignature']),
      extendedKeyUsageExtension([KP.ocspSigning]),
      ocspNoCheckExtension(),
    ],
    issuer,
  );
  return { issuer, authorityKey: ca.privateKey, responder: { certificate, signer, privateKey } };
}

export function exportKeys({ authorityKey, responder }: BenchOcspAuthority): BenchKeys {
  const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { authority: pem(authorityKey), responder: pem(responder.privateKey) };
}

function newKey(keyType: BenchKeyType): KeyObject {
  return keyType === 'p-256'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    : generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
}

/** Signs as a key file does, which would have to be decrypted first. */
function openSigner(keyType: BenchKeyType, privateKey: KeyObject): { signer: Signer; privateKey: KeyObject } {
  const algorithm = keyType === 'p-256' ? 'ecdsa-sha256' : 'rsa-sha256';
  const scheme = SIGNATURE_SCHEMES[algorithm];
  const key = { key: privateKey, ...paddingOf(scheme) };
  const signNow = (message: Uint8Array) => sign(scheme.digest, message, key);
  const subjectPublicKeyInfo = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const label = `bench:${keyType}`;
  return {
    signer: { label, algorithm, subjectPublicKeyInfo, sign: async (message) => signNow(message), signNow },
    privateKey,
  };
}

async function certify(
  subject: Signer,
  by: Signer,
  commonName: string,
  extensions: Extension[],
  issuer?: Certificate,
): Promise<Certificate> {
  const signatureAlgorithm = signatureAlgorithmIdentifier(by.algorithm);
  const name = encodeName([{ type: AT.commonName, value: commonName }]);
  const tbs = encodeTbsCertificate({
    serialNumber: Buffer.from([issuer ? 2 : 1]),
    signatureAlgorithm,
    issuer: issuer?.subject.bytes ?? name,
    notBefore: NOT_BEFORE,
    notAfter: NOT_AFTER,
    subject: name,
    subjectPublicKeyInfo: subject.subjectPublicKeyInfo,
    extensions,
  });
  return parseCertificate(encodeSigned(tbs, signatureAlgorithm, await by.sign(tbs)));
}
