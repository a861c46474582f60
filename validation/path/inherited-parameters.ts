import type { KeyObject } from 'node:crypto';

import { verifySignature, parseSignatureAlgorithm } from '../../pki/signature-algorithm.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { importPublicKey, lacksParameters, withParametersOf } from '../../pki/public-key.ts';
import type { WorkBudget } from './work-budget.ts';

/**
 * Verifies the signatures of CAs on a path whose DSA keys leave their parameters to the CA above (RFC 3279 §2.3.2,
 * working_public_key_parameters of RFC 5280 §6.1.4 (f)). Returns the index of the first certificate that is not signed.
 */
export function unsignedByInheritance(path: readonly Certificate[], budget: WorkBudget): number | undefined {
  let working = path[path.length - 1].subjectPublicKeyInfo;
  for (let index = path.length - 2; index >= 0; index -= 1) {
    const issuer = path[index + 1];
    // The first issuer is the anchor, whose key is whole.
    if (index < path.length - 2) working = workingKey(issuer, working);
    if (lacksParameters(issuer.subjectPublicKeyInfo) && !isSignedWith(path[index], working, budget))
      return index;
  }
  return undefined;
}

/** The whole key of a member of a path that leaves its parameters to those above it; undefined for every other certificate. */
export function keyOfPathMember(member: Certificate, path: readonly Certificate[]): KeyObject | undefined {
  if (!lacksParameters(member.subjectPublicKeyInfo)) return undefined;
  let working = path[path.length - 1].subjectPublicKeyInfo;
  for (let index = path.length - 2; index >= 0; index -= 1) {
    working = workingKey(path[index], working);
    if (path[index] === member) return importPublicKey(working);
  }
  return undefined;
}

function workingKey({ subjectPublicKeyInfo }: Certificate, above: Buffer): Buffer {
  return lacksParameters(subjectPublicKeyInfo)
    ? withParametersOf(subjectPublicKeyInfo, above)
    : subjectPublicKeyInfo;
}

function isSignedWith(certificate: Certificate, spki: Buffer, budget: WorkBudget): boolean {
  budget.spend('signatures');
  try {
    const scheme = parseSignatureAlgorithm(certificate.signatureAlgorithm);
    return verifySignature(scheme, importPublicKey(spki), certificate.tbsCertificate, certificate.signature);
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return false;
  }
}
