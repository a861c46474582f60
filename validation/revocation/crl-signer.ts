import { publicKeyOf } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { isCertificateListSignedBy } from '../../pki/crl.ts';
import type { CertificateList } from '../../pki/crl.ts';
import { sameName } from '../../pki/name.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { pathFactsOf } from '../path/path-facts.ts';
import { validPaths } from '../path/find-valid-path.ts';
import { keyOfPathMember } from '../path/inherited-parameters.ts';
import type { StatusInquiry } from './status-inquiry.ts';

/** Why nobody who may is found to have signed a CRL (RFC 5280 §6.3.3 (f), (g)); undefined: it is signed as it should be. */
export function crlSignerFault(
  crl: CertificateList,
  certificate: Certificate,
  issuer: Certificate,
  inquiry: StatusInquiry,
): string | undefined {
  let fault = 'nobody is known who signed it';
  for (const signer of possibleSigners(crl, issuer, inquiry)) {
    if (!isSigned(crl, signer, inquiry)) continue;
    const { keyUsage } = pathFactsOf(signer);
    if (keyUsage && !keyUsage.includes('cRLSign')) fault = 'the keyUsage of its signer does not have cRLSign';
    // The certificate's own issuer is valid: it is on the path.
    else if (signer === issuer || signer === certificate || isTrustedSigner(signer, inquiry))
      return undefined;
    else fault = 'no valid path leads from its signer to the same trust anchor';
  }
  return fault;
}

/** The certificate's issuer first; then others of the CRL issuer's name. */
function possibleSigners(
  crl: CertificateList,
  issuer: Certificate,
  inquiry: StatusInquiry,
): Set<Certificate> {
  const { path, trust, pool, budget } = inquiry;
  const others = [...path, ...trust.withSubject(crl.issuer), ...pool.withSubject(crl.issuer)];
  const named = [issuer, ...others].filter(({ subject }) => sameName(subject, crl.issuer));
  budget.spend('candidates', named.length);
  return new Set(named);
}

function isTrustedSigner(signer: Certificate, inquiry: StatusInquiry): boolean {
  const { trust, pool, at, budget, path } = inquiry;
  const anchor = path[path.length - 1];
  if (trust.isAnchor(signer)) return signer.bytes.equals(anchor.bytes);
  if (path.includes(signer)) return true;
  for (const { path: own } of validPaths(signer, at, { trust, embedded: pool, budget })) {
    if (own?.[own.length - 1].bytes.equals(anchor.bytes) && isPathGood(own, inquiry)) return true;
  }
  return false;
}

/** Whether the certificates of a path below its anchor are good, or being asked for. */
function isPathGood(path: readonly Certificate[], inquiry: StatusInquiry): boolean {
  return path.slice(0, -1).every((certificate, index) => {
    const finding = inquiry.ask(certificate, path[index + 1]);
    return finding === 'pending' || finding.kind === 'good';
  });
}

/** Signatures that were verified, by CRL and signer: a CRL is asked for each certificate of its issuer. */
const verified = new WeakMap<CertificateList, Map<Certificate, boolean>>();

function isSigned(crl: CertificateList, signer: Certificate, { budget, path }: StatusInquiry): boolean {
  const known = verified.get(crl) ?? new Map<Certificate, boolean>();
  verified.set(crl, known);
  let signed = known.get(signer);
  if (signed === undefined) {
    budget.spend('signatures');
    signed = isSignedWith(crl, signer, path);
    known.set(signer, signed);
  }
  return signed;
}

function isSignedWith(crl: CertificateList, signer: Certificate, path: readonly Certificate[]): boolean {
  try {
    return isCertificateListSignedBy(crl, keyOfPathMember(signer, path) ?? publicKeyOf(signer));
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return false;
  }
}
