import type { Certificate } from '../../pki/certificate.ts';
import { nameText } from '../../pki/name.ts';
import { PkiError } from '../../pki/pki-error.ts';
import type { Reason } from '../reason.ts';
import type { CertificatePath } from './build-path.ts';
import { unsignedByInheritance } from './inherited-parameters.ts';
import { nameConstraintFault } from './name-constraints.ts';
import { pathFactsOf } from './path-facts.ts';
import { processPolicies } from './policy-graph.ts';
import type { PolicyInputs } from './policy-graph.ts';
import type { WorkBudget } from './work-budget.ts';

export interface ValidatedPath {
  /** Empty: the path is valid. */
  reasons: Reason[];
  /** user-constrained-policy-set of RFC 5280 §6.1.6; `anyPolicy` among them: all. */
  policies: string[];
}

/**
 * RFC 5280 §6.1 for a path whose names and signatures are right, at one moment (shell model): each rule is either one of
 * the leaf, or of a CA and what stands below it, or of the policies of all. The anchor's own limits count (RFC 5937), its
 * dates do not (§6.1.1 (d)).
 */
export function validatePath(
  path: CertificatePath,
  { at, policies, budget }: { at: Date; policies: PolicyInputs; budget: WorkBudget },
): ValidatedPath {
  const issuers = path.slice(1);
  const outcome = processPolicies(path, policies);
  const reasons = [
    ...leafFaults(path[0], at),
    ...issuers.flatMap((issuer, index) =>
      issuerFaults(issuer, path.slice(0, index + 1), { at, budget, isAnchor: index === issuers.length - 1 }),
    ),
    ...inheritanceFaults(path, budget),
  ];
  if (outcome.missing) {
    const text = 'a certificate policy is demanded, and the path is valid under none that would do';
    reasons.push({ code: 'policy-not-accepted', text });
  }
  return { reasons, policies: outcome.policies };
}

/** What speaks against a leaf whoever issued it: §6.1.3 (a)(2), §6.1.5 (f). */
export function leafFaults(leaf: Certificate, at: Date): Reason[] {
  const { faults, contradictions } = pathFactsOf(leaf);
  return [
    ...leafValidity(leaf, at),
    // The signer's own name has the national id in it: it stays out of reasons.
    ...[...faults, ...contradictions].map((fault) => violated('the certificate', fault)),
  ];
}

function leafValidity({ notBefore, notAfter }: Certificate, at: Date): Reason[] {
  if (at.getTime() < notBefore.getTime()) {
    const text = `at ${at.toISOString()} the certificate was not valid yet: notBefore is ${notBefore.toISOString()}`;
    return [{ code: 'certificate-not-yet-valid', text }];
  }
  if (at.getTime() <= notAfter.getTime()) return [];
  const text = `at ${at.toISOString()} the certificate had expired: notAfter is ${notAfter.toISOString()}, and nothing proves an earlier moment`;
  return [{ code: 'certificate-expired', text }];
}

export interface IssuerContext {
  at: Date;
  budget: WorkBudget;
  isAnchor: boolean;
}

/** What speaks against a CA as the issuer of the last of `below`, which are leaf first. */
export function issuerFaults(issuer: Certificate, below: CertificatePath, context: IssuerContext): Reason[] {
  const { isAnchor } = context;
  const { faults, contradictions } = pathFactsOf(issuer);
  const own = isAnchor ? faults : [...faults, ...contradictions];
  const name = () => nameText(issuer.subject);
  return [
    ...(isAnchor ? [] : issuerValidity(issuer, context.at)),
    ...[...own, ...caMark(issuer, below, isAnchor), ...certificateSigning(issuer)].map((fault) =>
      violated(name(), fault),
    ),
    ...nameFaults(issuer, below, context.budget),
  ];
}

/** §6.1.3 (a)(2) */
function issuerValidity({ subject, notBefore, notAfter }: Certificate, at: Date): Reason[] {
  if (at.getTime() >= notBefore.getTime() && at.getTime() <= notAfter.getTime()) return [];
  const text = `${at.toISOString()} is outside of the validity of ${nameText(subject)}: ${notBefore.toISOString()} to ${notAfter.toISOString()}`;
  return [{ code: 'issuer-out-of-validity', text }];
}

/** §6.1.4 (k) to (m): the certificate is a CA's, and allows as many CAs below it as there are. */
function caMark(issuer: Certificate, below: CertificatePath, isAnchor: boolean): string[] {
  const { basicConstraints } = pathFactsOf(issuer);
  // Anchors may be older than basicConstraints: they are trusted for themselves.
  if (!basicConstraints) return isAnchor ? [] : ['no basicConstraints in a CA certificate'];
  const { ca, pathLength } = basicConstraints;
  if (!ca) return ['basicConstraints says that it is no CA'];
  if (pathLength === undefined) return [];
  // §6.1.4 (l): self-issued certificates do not count, nor does the last one.
  const count = below.slice(1).filter((certificate) => !pathFactsOf(certificate).selfIssued).length;
  if (count <= pathLength) return [];
  return [`${count} CA certificates follow, pathLenConstraint is ${pathLength}`];
}

/** §6.1.4 (n) */
function certificateSigning(issuer: Certificate): string[] {
  const { keyUsage } = pathFactsOf(issuer);
  return !keyUsage || keyUsage.includes('keyCertSign') ? [] : ['keyUsage does not have keyCertSign'];
}

/** §6.1.3 (b), (c): self-issued CAs are exempt, the leaf never is. */
function nameFaults(issuer: Certificate, below: CertificatePath, budget: WorkBudget): Reason[] {
  const { nameConstraints } = pathFactsOf(issuer);
  if (!nameConstraints) return [];
  try {
    for (const [index, certificate] of below.entries()) {
      if (index > 0 && pathFactsOf(certificate).selfIssued) continue;
      const fault = nameConstraintFault(nameConstraints, certificate, budget);
      const whose = index === 0 ? 'the certificate' : nameText(certificate.subject);
      const text = `${nameText(issuer.subject)} does not permit the names of ${whose}: ${fault}`;
      if (fault !== undefined) return [{ code: 'name-not-permitted', text }];
    }
    return [];
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return [violated(nameText(issuer.subject), `name constraints cannot be applied: ${cause.detail}`)];
  }
}

function inheritanceFaults(path: CertificatePath, budget: WorkBudget): Reason[] {
  const index = unsignedByInheritance(path, budget);
  if (index === undefined) return [];
  const text = `the signature on certificate ${index} of the path does not verify with the issuer's key and the parameters above it`;
  return [{ code: 'certificate-signature-wrong', text }];
}

function violated(whose: string, fault: string): Reason {
  return { code: 'chain-constraint-violated', text: `${whose}: ${fault}` };
}
