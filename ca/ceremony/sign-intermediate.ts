import type { Signer } from '../../keys/signer.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { CertificationRequest } from '../../pki/certification-request.ts';
import { encodeName, nameText, parseName, sameName } from '../../pki/name.ts';
import type { Name } from '../../pki/name.ts';
import type { DeploymentNames } from '../authority/authority.ts';
import { subjectOf } from '../issue/build-tbs-certificate.ts';
import type { CheckKey } from '../issue/check-key.ts';
import type { Profile } from '../profile.ts';
import { profileForAct } from './act-profile.ts';
import { CeremonyError } from './ceremony-error.ts';
import { signAuthorityCertificate } from './sign-authority-certificate.ts';
import type { SignedAuthorityCertificate } from './sign-authority-certificate.ts';

export interface IntermediateInputs {
  profile: Profile;
  names: DeploymentNames;
  commonName: string;
  /** 1 Bronze … 4 Platinum; becomes the national policy. */
  assuranceLevel: number;
  /** Verified with its own key when it was read. */
  request: CertificationRequest;
  issuer: { id: string; certificate: Certificate };
  /** Holds the issuer's key. */
  signer: Signer;
  checkKey: CheckKey;
  /** ISO 8601 duration; the profile's when absent. */
  validity?: string | undefined;
  now: Date;
}

/**
 * Certifies the key of a request as an issuing CA. The request's name is compared, never copied: two requests that were
 * swapped are noticed. Throws CeremonyError `key-mismatch`, `subject-*` or `validity`, and as `signAuthorityCertificate`.
 */
export async function signIntermediate(inputs: IntermediateInputs): Promise<SignedAuthorityCertificate> {
  const { names, commonName, assuranceLevel, request, issuer, signer, checkKey, validity, now } = inputs;
  const profile = profileForAct(inputs.profile, { purpose: 'intermediate', validity, now });
  assertIssuer(issuer.certificate, signer, now);
  const subject = subjectOf(profile, { organization: names.organization, serviceName: commonName });
  assertSubject(request, issuer.certificate, parseName(encodeName(subject)));
  return signAuthorityCertificate({
    profile,
    names,
    commonName,
    subjectPublicKeyInfo: request.subjectPublicKeyInfo,
    checkKey,
    assuranceLevel,
    signer,
    issuer,
    now,
  });
}

/** That it is a CA which may issue to CAs is for the lints to say. */
function assertIssuer(certificate: Certificate, signer: Signer, now: Date): void {
  if (!signer.subjectPublicKeyInfo.equals(certificate.subjectPublicKeyInfo)) {
    throw new CeremonyError(
      'key-mismatch',
      `${signer.label} does not hold the key of the issuer's certificate`,
    );
  }
  if (now < certificate.notBefore || now > certificate.notAfter) {
    const span = `${certificate.notBefore.toISOString()} to ${certificate.notAfter.toISOString()}`;
    throw new CeremonyError('validity', `the issuer's certificate is valid from ${span}, not now`);
  }
}

/** A CA of its issuer's name would be self-issued, and no path length counts those (RFC 5280 §6.1.4(l)). */
function assertSubject(request: CertificationRequest, issuer: Certificate, expected: Name): void {
  if (sameName(issuer.subject, expected)) {
    throw new CeremonyError('subject-reused', `the issuer is called ${nameText(expected)} already`);
  }
  if (sameName(request.subject, expected)) return;
  const detail = `the request is for ${nameText(request.subject)}, the act for ${nameText(expected)}`;
  throw new CeremonyError('subject-mismatch', detail);
}
