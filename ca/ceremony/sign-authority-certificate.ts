import type { Signer } from '../../keys/signer.ts';
import { isSignedBy, parseCertificate, publicKeyOf } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { importPublicKey } from '../../pki/public-key.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import { encodeSigned } from '../../pki/tbs-certificate.ts';
import type { DeploymentNames } from '../authority/authority.ts';
import { buildTbsCertificate } from '../issue/build-tbs-certificate.ts';
import type { CheckKey } from '../issue/check-key.ts';
import { lintBeforeSigning } from '../issue/lint-before-signing.ts';
import { certificateLints } from '../lint/certificate-lints.ts';
import { runLints } from '../lint/lint.ts';
import type { LintReport } from '../lint/lint.ts';
import type { Profile } from '../profile.ts';
import { CeremonyError } from './ceremony-error.ts';
import { refuseLintErrors } from './refuse-lint-errors.ts';

export interface AuthorityCertificateInputs {
  profile: Profile;
  names: DeploymentNames;
  /** commonName of the new authority. */
  commonName: string;
  /** Key of the new authority. */
  subjectPublicKeyInfo: Buffer;
  checkKey: CheckKey;
  /** Level of assurance that the new authority's certificates have; 0 for a root. */
  assuranceLevel: number;
  /** Key that signs: the root's, or the new authority's own when it is a root. */
  signer: Signer;
  /** Absent for a root. */
  issuer?: { id: string; certificate: Certificate };
  now: Date;
}

export interface SignedAuthorityCertificate {
  certificate: Certificate;
  /** Lints of the certificate as signed; none of them is an error. */
  reports: LintReport[];
}

/**
 * Builds, lints, signs, checks and lints again the certificate of a root or an intermediate CA; nothing is stored.
 * Throws CeremonyError `signature-wrong` or `lint-failed`, CaError, and what `checkKey` throws.
 */
export async function signAuthorityCertificate(
  inputs: AuthorityCertificateInputs,
): Promise<SignedAuthorityCertificate> {
  const { signer, issuer, now, profile, names, subjectPublicKeyInfo } = inputs;
  await inputs.checkKey(subjectPublicKeyInfo, profile.keyTypes);
  const tbs = buildTbsCertificate({
    profile,
    names,
    request: {
      subjectPublicKeyInfo,
      subject: { organization: names.organization, serviceName: inputs.commonName },
    },
    ...(issuer && { issuer: { ...issuer, assuranceLevel: inputs.assuranceLevel, crlShards: 1 } }),
    signatureAlgorithm: signer.algorithm,
    now,
  });
  lintBeforeSigning(tbs.bytes, signer.algorithm, issuer?.certificate, now);
  const signature = await signer.sign(tbs.bytes);
  const bytes = encodeSigned(tbs.bytes, signatureAlgorithmIdentifier(signer.algorithm), signature);
  const certificate = parseCertificate(bytes);
  const issuerKey = issuer ? publicKeyOf(issuer.certificate) : importPublicKey(subjectPublicKeyInfo);
  if (!certificate.tbsCertificate.equals(tbs.bytes) || !isSignedBy(certificate, issuerKey)) {
    throw new CeremonyError('signature-wrong', `${signer.label} did not sign what was linted`);
  }
  const reports = runLints(certificateLints, { certificate, issuer: issuer?.certificate, now });
  return { certificate, reports: refuseLintErrors(reports) };
}
