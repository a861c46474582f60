import type { Certificate } from '../pki/certificate.ts';
import { parseBasicConstraints } from '../pki/extensions/basic-constraints.ts';
import { parseKeyUsage } from '../pki/extensions/key-usage.ts';
import { nameText, sameName } from '../pki/name.ts';
import { CE } from '../pki/oid.ts';
import { PkiError } from '../pki/pki-error.ts';
import type { CertificatePath } from './build-path.ts';
import type { Reason } from './reason.ts';

/**
 * The checks of RFC 5280 §6.1 on a path whose names and signatures are right, at one moment (shell model): dates, CA
 * marks, path length, key usage, critical extensions. An empty list: the path is valid. Policies and name constraints are
 * not processed; where an extension demands it critically, the path is refused.
 */
export function validatePath(path: CertificatePath, at: Date): Reason[] {
  const issuers = path.slice(1);
  return [
    ...leafValidity(path[0], at),
    ...issuers.slice(0, -1).flatMap((issuer) => issuerValidity(issuer, at)),
    ...path.slice(0, -1).flatMap((certificate, index) => unknownCriticalExtensions(certificate, index === 0)),
    ...issuers.flatMap((issuer, index) => {
      const isAnchor = index === issuers.length - 1;
      return mayIssue(issuer, { below: path.slice(1, index + 1), isAnchor });
    }),
  ];
}

/** §6.1.3 (a)(2) for the signer's certificate. */
function leafValidity({ notBefore, notAfter }: Certificate, at: Date): Reason[] {
  if (at.getTime() < notBefore.getTime()) {
    const text = `the signature existed at ${at.toISOString()}, before the certificate's notBefore ${notBefore.toISOString()}`;
    return [{ code: 'certificate-not-yet-valid', text }];
  }
  if (at.getTime() <= notAfter.getTime()) return [];
  const text = `no proof that the signature is older than the certificate's notAfter ${notAfter.toISOString()}`;
  return [{ code: 'certificate-expired', text }];
}

/** §6.1.3 (a)(2) for the certificates of issuing CAs; an anchor has no dates (§6.1.1 (d)). */
function issuerValidity(issuer: Certificate, at: Date): Reason[] {
  const { subject, notBefore, notAfter } = issuer;
  if (at.getTime() >= notBefore.getTime() && at.getTime() <= notAfter.getTime()) return [];
  const text = `${at.toISOString()} is outside of the validity of ${nameText(subject)}: ${notBefore.toISOString()} to ${notAfter.toISOString()}`;
  return [{ code: 'issuer-out-of-validity', text }];
}

/** Critical extensions that are processed here, or that cannot widen what a path allows. */
const PROCESSED: ReadonlySet<string> = new Set([
  CE.basicConstraints,
  CE.keyUsage,
  CE.extKeyUsage,
  CE.subjectAltName,
  CE.certificatePolicies,
  CE.cRLDistributionPoints,
]);

/** §6.1.4 (o), §6.1.5 (f). */
function unknownCriticalExtensions(certificate: Certificate, isLeaf: boolean): Reason[] {
  // The signer's own name has the national id in it: it stays out of reasons.
  const whose = isLeaf ? "the signer's certificate" : nameText(certificate.subject);
  const unknown = [...certificate.extensions.values()].filter(
    ({ oid, critical }) => critical && !PROCESSED.has(oid),
  );
  return unknown.map(({ oid }) => violated(whose, `critical extension ${oid} is not processed`));
}

/** §6.1.4 (k) to (n): the certificate is a CA's, may sign certificates, and allows as many CAs below it as there are. */
function mayIssue(
  issuer: Certificate,
  { below, isAnchor }: { below: CertificatePath; isAnchor: boolean },
): Reason[] {
  const faults = () => [...caMark(issuer, below, isAnchor), ...certificateSigning(issuer)];
  try {
    return faults().map((fault) => violated(nameText(issuer.subject), fault));
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return [violated(nameText(issuer.subject), `an extension cannot be read: ${cause.detail}`)];
  }
}

function caMark(issuer: Certificate, below: CertificatePath, isAnchor: boolean): string[] {
  const extension = issuer.extensions.get(CE.basicConstraints);
  // Anchors may be older than basicConstraints: they are trusted for themselves.
  if (!extension) return isAnchor ? [] : ['no basicConstraints in a CA certificate'];
  const { ca, pathLength } = parseBasicConstraints(extension.value);
  if (!ca) return ['basicConstraints says that it is no CA'];
  // §6.1.4 (l): self-issued certificates do not count.
  const count = below.filter((certificate) => !sameName(certificate.subject, certificate.issuer)).length;
  if (pathLength === undefined || count <= pathLength) return [];
  return [`${count} CA certificates follow, pathLenConstraint is ${pathLength}`];
}

function certificateSigning(issuer: Certificate): string[] {
  const extension = issuer.extensions.get(CE.keyUsage);
  if (!extension || parseKeyUsage(extension.value).includes('keyCertSign')) return [];
  return ['keyUsage does not have keyCertSign'];
}

function violated(whose: string, fault: string): Reason {
  return { code: 'chain-constraint-violated', text: `${whose}: ${fault}` };
}
