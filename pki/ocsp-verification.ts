import { isSignedBy, publicKeyOf } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import { parseExtendedKeyUsage } from './extensions/extended-key-usage.ts';
import { parseKeyUsage } from './extensions/key-usage.ts';
import { sameName } from './name.ts';
import { isCertIdOf } from './ocsp-cert-id.ts';
import type { BasicOcspResponse, ResponderId } from './ocsp-response.ts';
import type { OcspSingleResponse } from './ocsp-single-response.ts';
import { CE, KP } from './oid.ts';
import { PkiError } from './pki-error.ts';
import { keyIdentifier } from './public-key.ts';
import { parseSignatureAlgorithm, verifySignature } from './signature-algorithm.ts';

export type OcspVerificationFault =
  /** No certificate at hand is the one that the responder id names. */
  | 'responder-unknown'
  /** The named responder is not the issuer, and not a responder that the issuer authorized. */
  | 'responder-not-authorized'
  /** The authorized responder's certificate was not valid when it produced the response. */
  | 'responder-not-valid'
  | 'signature-wrong'
  | 'algorithm-unsupported';

export type OcspVerification =
  | { verified: true; responder: Certificate; delegated: boolean; noCheck: boolean }
  | { verified: false; fault: OcspVerificationFault };

/**
 * Whether a response is signed by the issuer or by a responder that the issuer itself authorized with id-kp-OCSPSigning
 * (RFC 6960 §4.2.2.2). `noCheck`: the delegate's own status need not be asked for. Says nothing of thisUpdate and nextUpdate.
 */
export function verifyOcspResponse(response: BasicOcspResponse, issuer: Certificate): OcspVerification {
  const candidates = [issuer, ...response.certificates].filter((one) => isNamedBy(response.responderId, one));
  let fault: OcspVerificationFault = 'responder-unknown';
  for (const responder of candidates) {
    const delegated = !responder.subjectPublicKeyInfo.equals(issuer.subjectPublicKeyInfo);
    const found =
      (delegated && delegationFault(responder, issuer, response.producedAt)) ||
      signatureFault(response, responder);
    if (!found)
      return { verified: true, responder, delegated, noCheck: responder.extensions.has(CE.ocspNoCheck) };
    fault = found;
  }
  return { verified: false, fault };
}

/** The answer in a response that is about this certificate. */
export function singleResponseOf(
  response: BasicOcspResponse,
  issuer: Certificate,
  serialNumber: Uint8Array,
): OcspSingleResponse | undefined {
  return response.responses.find(({ certId }) => isCertIdOf(certId, issuer, serialNumber));
}

/** Why a certificate does not authorize its holder to answer for the issuer; undefined when it does. */
export function delegationFault(
  responder: Certificate,
  issuer: Certificate,
  at: Date,
): Extract<OcspVerificationFault, 'responder-not-authorized' | 'responder-not-valid'> | undefined {
  if (!isAuthorized(responder, issuer)) return 'responder-not-authorized';
  return at < responder.notBefore || at > responder.notAfter ? 'responder-not-valid' : undefined;
}

/** Issued directly by the issuer, with OCSPSigning named; anyExtendedKeyUsage does not name it (RFC 6960 §4.2.2.2). */
function isAuthorized(responder: Certificate, issuer: Certificate): boolean {
  return orWhenUnreadable(false, () => {
    const purposes = responder.extensions.get(CE.extKeyUsage);
    if (!purposes || !parseExtendedKeyUsage(purposes.value).includes(KP.ocspSigning)) return false;
    const usage = responder.extensions.get(CE.keyUsage);
    if (usage && !parseKeyUsage(usage.value).some((bit) => SIGNING_USAGES.has(bit))) return false;
    return sameName(responder.issuer, issuer.subject) && isSignedBy(responder, publicKeyOf(issuer));
  });
}

/** Key usages that go with OCSPSigning (RFC 5280 §4.2.1.12). */
const SIGNING_USAGES = new Set<string>(['digitalSignature', 'nonRepudiation']);

function signatureFault(
  response: BasicOcspResponse,
  responder: Certificate,
): OcspVerificationFault | undefined {
  return orWhenUnreadable<OcspVerificationFault | undefined>('algorithm-unsupported', () => {
    const scheme = parseSignatureAlgorithm(response.signatureAlgorithm, { rules: 'ber' });
    const { tbsResponseData, signature } = response;
    return verifySignature(scheme, publicKeyOf(responder), tbsResponseData, signature)
      ? undefined
      : 'signature-wrong';
  });
}

function isNamedBy(responderId: ResponderId, certificate: Certificate): boolean {
  if (responderId.kind === 'byName') return sameName(responderId.name, certificate.subject);
  return orWhenUnreadable(false, () =>
    responderId.keyHash.equals(keyIdentifier(certificate.subjectPublicKeyInfo)),
  );
}

/** The certificates of a response are anybody's: what cannot be read in them is a finding, not an error. */
function orWhenUnreadable<Finding>(finding: Finding, look: () => Finding): Finding {
  try {
    return look();
  } catch (error) {
    if (error instanceof PkiError) return finding;
    throw error;
  }
}
