import { createPublicKey } from 'node:crypto';

import { parseCertificate, serialHex } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { rfc4514Text } from '../../pki/name-rfc4514.ts';
import { ALG } from '../../pki/oid.ts';
import { deviceAlgorithmOf } from '../device-key.ts';
import { faultOfCredential } from '../sessions/credential.ts';
import type { Credential } from '../sessions/credential.ts';
import { DOCUMENTS_MAX } from '../sessions/session.ts';
import { CSC_TEXTS } from './csc-language.ts';
import type { CscLanguage } from './csc-language.ts';

/** @see CSC API v2.0.0.2 §11.4, CredentialInfo */
export interface CredentialDescription {
  credentialID: string;
  description: string;
  key: { status: 'enabled' | 'disabled'; algo: string[]; len: number; curve?: string };
  cert: {
    status: 'valid' | 'expired' | 'revoked' | 'suspended';
    certificates?: string[];
    issuerDN?: string;
    serialNumber?: string;
    subjectDN?: string;
    validFrom?: string;
    validTo?: string;
  };
  auth: { mode: 'explicit' | 'oauth2code'; expression?: string; objects?: object[] };
  SCAL: '2';
  multisign: number;
  lang: CscLanguage;
}

export interface DescriptionWish {
  certificates: 'none' | 'single' | 'chain';
  certInfo: boolean;
  authInfo: boolean;
  language: CscLanguage;
  /** How this client has a holder asked. */
  mode: 'explicit' | 'oauth2code';
  /** The client has hashes of its own signed, where the key does that. */
  mayHandInDigests: boolean;
}

/** Id of the object in `authData` with which a client has the phone asked. */
export const PHONE_OBJECT = 'phone';

const CURVES: Readonly<Record<string, string>> = { prime256v1: ALG.prime256v1, secp384r1: ALG.secp384r1 };

export function describeCredential(
  credential: Credential,
  chain: readonly Certificate[],
  wish: DescriptionWish,
  now: Date,
): CredentialDescription {
  const certificate = parseCertificate(credential.certificate);
  const { label, description } = CSC_TEXTS[wish.language];
  return {
    credentialID: credentialIdOf(credential),
    description,
    key: keyOf(credential, certificate, wish, now),
    cert: {
      status: statusOf(credential, now),
      ...certificatesOf(certificate, chain, wish.certificates),
      ...(wish.certInfo && namesOf(certificate)),
    },
    auth:
      wish.mode === 'oauth2code'
        ? { mode: wish.mode }
        : {
            mode: wish.mode,
            ...(wish.authInfo && { expression: PHONE_OBJECT }),
            objects: [{ type: 'ChallengeResponseOOB', id: PHONE_OBJECT, label, description }],
          },
    SCAL: '2',
    multisign: DOCUMENTS_MAX,
    lang: wish.language,
  };
}

/** A credential is named by SHA-256 over its certificate, hexadecimal. */
export function credentialIdOf({ certificateSha256 }: Pick<Credential, 'certificateSha256'>): string {
  return certificateSha256.toString('hex');
}

/** OIDs that name the hash as well: what every key on a phone signs with. */
export function signatureAlgorithmsOf(certificate: Certificate): string[] {
  const { isEcdsa } = deviceAlgorithmOf(certificate);
  return [isEcdsa ? ALG.ecdsaWithSha256 : ALG.sha256WithRsa];
}

/** With the key alone, which says that a hash of the client's own is signed. */
export function hashSigningAlgorithmsOf(certificate: Certificate): string[] {
  const { isEcdsa } = deviceAlgorithmOf(certificate);
  return [...signatureAlgorithmsOf(certificate), isEcdsa ? ALG.ecPublicKey : ALG.rsaEncryption];
}

function keyOf(
  credential: Credential,
  certificate: Certificate,
  { mayHandInDigests }: DescriptionWish,
  now: Date,
): CredentialDescription['key'] {
  const signsHashes = mayHandInDigests && credential.signsDigests;
  const { asymmetricKeyDetails: details = {} } = createPublicKey({
    key: certificate.subjectPublicKeyInfo,
    format: 'der',
    type: 'spki',
  });
  const { namedCurve, modulusLength } = details;
  return {
    status: faultOfCredential(credential, now) ? 'disabled' : 'enabled',
    algo: signsHashes ? hashSigningAlgorithmsOf(certificate) : signatureAlgorithmsOf(certificate),
    len: modulusLength ?? (namedCurve === 'secp384r1' ? 384 : 256),
    ...(namedCurve !== undefined && CURVES[namedCurve] && { curve: CURVES[namedCurve] }),
  };
}

function statusOf({ status, notAfter }: Credential, now: Date): CredentialDescription['cert']['status'] {
  if (status.kind === 'revoked') return status.reason === 'certificateHold' ? 'suspended' : 'revoked';
  return now > notAfter ? 'expired' : 'valid';
}

function certificatesOf(
  certificate: Certificate,
  chain: readonly Certificate[],
  wish: DescriptionWish['certificates'],
) {
  if (wish === 'none') return {};
  const wanted = wish === 'chain' ? [certificate, ...chain] : [certificate];
  return { certificates: wanted.map(({ bytes }) => bytes.toString('base64')) };
}

function namesOf(certificate: Certificate) {
  return {
    issuerDN: rfc4514Text(certificate.issuer),
    serialNumber: serialHex(certificate).toUpperCase(),
    subjectDN: rfc4514Text(certificate.subject),
    validFrom: generalizedTime(certificate.notBefore),
    validTo: generalizedTime(certificate.notAfter),
  };
}

/** `YYYYMMDDHHMMSSZ` (RFC 5280 §4.1.2.5.2). */
function generalizedTime(instant: Date): string {
  return `${instant.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
}
