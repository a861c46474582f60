import type { Signer } from '../../keys/signer.ts';
import { isSignedBy, parseCertificate, publicKeyOf } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { importPublicKey } from '../../pki/public-key.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import { encodeSigned } from '../../pki/tbs-certificate.ts';
import type { DeploymentNames } from '../authority/authority.ts';
import { CaError } from '../ca-error.ts';
import { buildTbsCertificate } from '../issue/build-tbs-certificate.ts';
import { lintBeforeSigning } from '../issue/lint-before-signing.ts';
import type { Profile } from '../profile.ts';

export interface AuthorityCertificateInputs {
  profile: Profile;
  names: DeploymentNames;
  /** commonName of the new authority. */
  serviceName: string;
  /** Key of the new authority. */
  subjectPublicKeyInfo: Buffer;
  /** Level of assurance that the new authority's certificates have; 0 for a root. */
  assuranceLevel: number;
  /** Key that signs: the root's, or the new authority's own when it is a root. */
  signer: Signer;
  /** Absent for a root. */
  issuer?: { id: string; certificate: Certificate };
  now: Date;
}

/** Builds, lints, signs and checks the certificate of a root or an intermediate CA (offline: nothing is stored here). */
export async function signAuthorityCertificate(inputs: AuthorityCertificateInputs): Promise<Certificate> {
  const { signer, issuer, now } = inputs;
  const tbs = buildTbsCertificate({
    profile: inputs.profile,
    names: inputs.names,
    request: {
      subjectPublicKeyInfo: inputs.subjectPublicKeyInfo,
      subject: { organization: inputs.names.organization, serviceName: inputs.serviceName },
    },
    ...(issuer && { issuer: { ...issuer, assuranceLevel: inputs.assuranceLevel, crlShards: 1 } }),
    signatureAlgorithm: signer.algorithm,
    now,
  });
  lintBeforeSigning(tbs.bytes, signer.algorithm, issuer?.certificate, now);
  const signature = await signer.sign(tbs.bytes);
  const bytes = encodeSigned(tbs.bytes, signatureAlgorithmIdentifier(signer.algorithm), signature);
  const certificate = parseCertificate(bytes);
  const issuerKey = issuer ? publicKeyOf(issuer.certificate) : importPublicKey(inputs.subjectPublicKeyInfo);
  if (!isSignedBy(certificate, issuerKey)) {
    throw new CaError('signature-wrong', `${signer.label} did not sign what was linted`);
  }
  return certificate;
}
