import type { Signer } from '../keys/signer.ts';
import type { Certificate } from '../pki/certificate.ts';
import { openWhole } from '../pki/der/decode.ts';
import { TAG } from '../pki/der/tag.ts';
import type { PreferredSignatureAlgorithm } from '../pki/ocsp-extensions.ts';
import { delegationFault } from '../pki/ocsp-verification.ts';
import { PkiError } from '../pki/pki-error.ts';
import { keyIdentifier } from '../pki/public-key.ts';
import {
  SIGNATURE_SCHEMES,
  parseSignatureAlgorithm,
  signatureAlgorithmIdentifier,
} from '../pki/signature-algorithm.ts';
import type { SignatureScheme } from '../pki/signature-algorithm.ts';
import { OcspError } from './ocsp-error.ts';
import { PreparedAnswers } from './prepared-answers.ts';

/** A key that may answer for an authority, as it is configured. */
export interface ResponderCredential {
  signer: Signer;
  /** A delegate's certificate (EKU OCSPSigning), or the authority's own. */
  certificate: Certificate;
}

export interface ResponderKey extends ResponderCredential {
  /** SHA-1 of the public key: ResponderID byKey (RFC 6960 §4.2.1). */
  keyHash: Buffer;
  /** AlgorithmIdentifier. */
  signatureAlgorithm: Buffer;
  /** What goes into `certs`; nothing when the authority itself signs. */
  certificates: Buffer[];
  prepared: PreparedAnswers;
}

/** A certificate this young may not be valid yet by the clocks of all clients, so an older one goes first. */
export const SETTLED_SECONDS = 3600;

/** Checks that the credential may answer for the authority (RFC 6960 §4.2.2.2); throws OcspError `responder-not-authorized`. */
export function openResponderKey(
  credential: ResponderCredential,
  issuers: readonly Certificate[],
): ResponderKey {
  const { signer, certificate } = credential;
  const { label } = signer;
  if (!certificate.subjectPublicKeyInfo.equals(signer.subjectPublicKeyInfo)) {
    throw new OcspError(
      'responder-not-authorized',
      `the responder's certificate is not for the key ${label}`,
    );
  }
  const isIssuer = issuers.some((issuer) => issuer.bytes.equals(certificate.bytes));
  if (!isIssuer && issuers.every((issuer) => delegationFault(certificate, issuer, certificate.notBefore))) {
    throw new OcspError(
      'responder-not-authorized',
      `the certificate of ${label} does not delegate OCSP signing`,
    );
  }
  return {
    signer,
    certificate,
    keyHash: keyIdentifier(certificate.subjectPublicKeyInfo),
    signatureAlgorithm: signatureAlgorithmIdentifier(signer.algorithm),
    certificates: isIssuer ? [] : [certificate.bytes],
    prepared: new PreparedAnswers(),
  };
}

/**
 * The key to sign with now: of those whose certificate is valid, the first that a preferred algorithm fits
 * (RFC 6960 §4.4.7.2), else the first; certificates that are settled and outlive the answer go first. Undefined: none is valid.
 */
export function selectResponderKey(
  keys: readonly ResponderKey[],
  preferred: readonly PreferredSignatureAlgorithm[],
  { now, nextUpdate }: { now: Date; nextUpdate: Date },
): ResponderKey | undefined {
  const valid = keys.filter(({ certificate }) => certificate.notBefore <= now && now <= certificate.notAfter);
  const settledAt = now.getTime() - SETTLED_SECONDS * 1000;
  const inOrder = valid.length < 2 ? valid : valid.toSorted((a, b) => rank(a) - rank(b));
  for (const wanted of preferred) {
    const fitting = inOrder.find((key) => fits(key, wanted));
    if (fitting) return fitting;
  }
  return inOrder[0];

  function rank({ certificate }: ResponderKey): number {
    if (certificate.notAfter < nextUpdate) return 2;
    return certificate.notBefore.getTime() > settledAt ? 1 : 0;
  }
}

function fits(
  key: ResponderKey,
  { signatureAlgorithm, publicKeyAlgorithm }: PreferredSignatureAlgorithm,
): boolean {
  try {
    const scheme = parseSignatureAlgorithm(signatureAlgorithm);
    if (!isSameScheme(scheme, SIGNATURE_SCHEMES[key.signer.algorithm])) return false;
    return !publicKeyAlgorithm || isKeyOf(publicKeyAlgorithm, key.signer.subjectPublicKeyInfo);
  } catch (error) {
    // An algorithm that is not known here is one that no key of ours has.
    if (error instanceof PkiError) return false;
    throw error;
  }
}

function isSameScheme(a: SignatureScheme, b: SignatureScheme): boolean {
  if (a.kind !== b.kind || a.digest !== b.digest) return false;
  return a.kind !== 'rsa-pss' || b.kind !== 'rsa-pss' || a.saltOctets === b.saltOctets;
}

/** An SMIMECapability without parameters means every key of its algorithm; with them, e.g. those on one curve. */
function isKeyOf(capability: Buffer, subjectPublicKeyInfo: Buffer): boolean {
  const wanted = openWhole(capability);
  const actual = openWhole(subjectPublicKeyInfo).into(TAG.sequence);
  if (!wanted.read(TAG.oid).bytes.equals(actual.read(TAG.oid).bytes)) return false;
  return wanted.atEnd || wanted.rest.equals(actual.rest);
}
