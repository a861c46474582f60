import { addDuration, parseDuration } from '../../core/duration.ts';
import type { Signer } from '../../keys/signer.ts';
import { isSignedBy, publicKeyOf } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { CertificationRequest } from '../../pki/certification-request.ts';
import { attributeOf, nameText, sameName } from '../../pki/name.ts';
import { AT, CE, PKIX } from '../../pki/oid.ts';
import type { DeploymentNames } from '../authority/authority.ts';
import { policyOids } from '../issue/policy-oids.ts';
import { parsedExtensions } from '../lint/parsed-extensions.ts';
import type { Profile } from '../profile.ts';
import type { CeremonyErrorCode } from './ceremony-error.ts';

/** A certificate that somebody made for a key of ours, with all that it is judged by. */
export interface ImportCandidate {
  certificate: Certificate;
  /** From the root down to the one that signed it; at least one. */
  issuers: readonly Certificate[];
  /** What we asked with. */
  request: CertificationRequest;
  /** Holds the key: it has proved so when it was opened. */
  signer: Signer;
  profile: Profile;
  names: DeploymentNames;
  commonName: string;
  assuranceLevel: number;
  now: Date;
}

export interface ImportRule {
  code: CeremonyErrorCode;
  /** What is wrong, with the actual and the allowed; undefined when nothing is. */
  fault(candidate: ImportCandidate): string | undefined;
}

/** In the order of their verdicts: whose certificate it is, who signed it, what it may do, and how long. */
export const IMPORT_RULES: readonly ImportRule[] = [
  { code: 'key-mismatch', fault: keyFault },
  { code: 'subject-mismatch', fault: subjectFault },
  { code: 'issuer-mismatch', fault: chainFault },
  { code: 'signature-wrong', fault: signatureFault },
  { code: 'issuer-not-authority', fault: issuerFault },
  { code: 'basic-constraints', fault: basicConstraintsFault },
  { code: 'path-length', fault: pathLengthFault },
  { code: 'key-usage', fault: keyUsageFault },
  { code: 'policy', fault: policyFault },
  { code: 'validity', fault: validityFault },
];

function keyFault({ certificate, request, signer }: ImportCandidate): string | undefined {
  if (!request.subjectPublicKeyInfo.equals(signer.subjectPublicKeyInfo)) {
    return `the request is not for the key ${signer.label}`;
  }
  if (certificate.subjectPublicKeyInfo.equals(signer.subjectPublicKeyInfo)) return undefined;
  return `the certificate is not for the key ${signer.label}`;
}

/** A foreign issuer may order the name its own way; who it names is what the reviewers expect. */
function subjectFault({ certificate, commonName }: ImportCandidate): string | undefined {
  const actual = attributeOf(certificate.subject, AT.commonName);
  return actual === commonName ? undefined : `commonName is "${actual ?? ''}", expected "${commonName}"`;
}

/** RFC 5280 §6.1.3(a)(4) and §4.2.1.1. */
function chainFault(candidate: ImportCandidate): string | undefined {
  for (const [issuer, subject] of links(candidate)) {
    if (!sameName(subject.issuer, issuer.subject)) {
      return `${nameText(subject.subject)} names the issuer ${nameText(subject.issuer)}, not ${nameText(issuer.subject)}`;
    }
    const wanted = parsedExtensions(subject).authorityKeyIdentifier?.keyIdentifier;
    const actual = parsedExtensions(issuer).subjectKeyIdentifier;
    if (wanted && actual && !wanted.equals(actual)) {
      return `${nameText(subject.subject)} names another key of ${nameText(issuer.subject)}`;
    }
  }
  return undefined;
}

/** RFC 5280 §6.1.3(a)(1); the root has signed itself. */
function signatureFault(candidate: ImportCandidate): string | undefined {
  const wrong = links(candidate).find(([issuer, subject]) => !isSignedBy(subject, publicKeyOf(issuer)));
  if (!wrong) return undefined;
  return `${nameText(wrong[1].subject)} is not signed by the key of ${nameText(wrong[0].subject)}`;
}

/** RFC 5280 §6.1.4(k) and (n). */
function issuerFault({ issuers }: ImportCandidate): string | undefined {
  for (const issuer of issuers) {
    const { basicConstraints, keyUsage } = parsedExtensions(issuer);
    if (!basicConstraints?.ca) return `${nameText(issuer.subject)} is not a CA`;
    if (keyUsage && !keyUsage.includes('keyCertSign'))
      return `${nameText(issuer.subject)} may not sign certificates`;
  }
  return undefined;
}

function basicConstraintsFault({ certificate }: ImportCandidate): string | undefined {
  const extension = certificate.extensions.get(CE.basicConstraints);
  if (!parsedExtensions(certificate).basicConstraints?.ca) return 'cA is FALSE, expected TRUE';
  return extension?.critical ? undefined : 'basicConstraints is not critical (RFC 5280 §4.2.1.9)';
}

/** Ours is the profile's, and every issuer's leaves room for those below it (RFC 5280 §6.1.4(m)). */
function pathLengthFault({ certificate, issuers, profile }: ImportCandidate): string | undefined {
  const actual = parsedExtensions(certificate).basicConstraints?.pathLength;
  const expected = profile.extensions.basicConstraints.pathLength;
  if (actual !== expected)
    return `path length is ${actual ?? 'unlimited'}, expected ${expected ?? 'unlimited'}`;
  for (const [index, issuer] of issuers.entries()) {
    const allowed = parsedExtensions(issuer).basicConstraints?.pathLength;
    const below = issuers.length - index;
    if (allowed !== undefined && allowed < below) {
      return `${nameText(issuer.subject)} allows ${allowed} CAs below it, here are ${below}`;
    }
  }
  return undefined;
}

/** Exactly the profile's; an extended key usage would bind every certificate below (as most validators read it). */
function keyUsageFault({ certificate, profile }: ImportCandidate): string | undefined {
  const actual = [...(parsedExtensions(certificate).keyUsage ?? [])].sort().join(', ');
  const expected = [...profile.extensions.keyUsage].sort().join(', ');
  if (actual !== expected) return `keyUsage is ${actual || 'absent'}, expected ${expected}`;
  return certificate.extensions.has(CE.extKeyUsage)
    ? 'a CA certificate has no extendedKeyUsage here'
    : undefined;
}

/** Without the policies in every certificate below the root no path would keep them (RFC 5280 §6.1.3(d)). */
function policyFault({
  certificate,
  issuers,
  profile,
  names,
  assuranceLevel,
}: ImportCandidate): string | undefined {
  const expected = policyOids(profile, names, assuranceLevel);
  for (const each of [...issuers.slice(1), certificate]) {
    const actual = parsedExtensions(each).certificatePolicies?.map(({ policy }) => policy) ?? [];
    if (actual.includes(PKIX.anyPolicy)) continue;
    const missing = expected.filter((policy) => !actual.includes(policy));
    if (missing.length > 0) {
      return `policies of ${nameText(each.subject)} are ${actual.join(', ') || 'absent'}, expected ${missing.join(', ')}`;
    }
  }
  return undefined;
}

function validityFault(candidate: ImportCandidate): string | undefined {
  const { certificate, issuers, profile, now } = candidate;
  for (const each of [...issuers, certificate]) {
    if (now < each.notBefore)
      return `${nameText(each.subject)} is valid from ${each.notBefore.toISOString()} on`;
    if (now > each.notAfter) return `${nameText(each.subject)} has expired on ${each.notAfter.toISOString()}`;
  }
  const issuer = issuers[issuers.length - 1];
  if (certificate.notAfter > issuer.notAfter) {
    return `notAfter ${day(certificate.notAfter)} exceeds issuer's ${day(issuer.notAfter)}`;
  }
  const allowed = addDuration(certificate.notBefore, parseDuration(profile.validity));
  if (certificate.notAfter <= allowed) return undefined;
  return `notAfter ${day(certificate.notAfter)} exceeds ${day(allowed)}, ${profile.validity} of profile ${profile.id}`;
}

/** Issuer and subject of each step from the root, which is its own issuer. */
function links({ certificate, issuers }: ImportCandidate): [issuer: Certificate, subject: Certificate][] {
  const path = [...issuers, certificate];
  return path.map((subject, index) => [path[Math.max(index - 1, 0)], subject]);
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
