import type { Signer } from '../../keys/signer.ts';
import { encodeCertificationRequestInfo } from '../../pki/certification-request-info.ts';
import { parseCertificationRequest } from '../../pki/certification-request.ts';
import type { CertificationRequest } from '../../pki/certification-request.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import { encodeSigned } from '../../pki/tbs-certificate.ts';
import type { DeploymentNames } from '../authority/authority.ts';
import { subjectOf } from '../issue/build-tbs-certificate.ts';
import type { CheckKey } from '../issue/check-key.ts';
import type { Profile } from '../profile.ts';
import { profileForAct } from './act-profile.ts';

export interface IntermediateRequestInputs {
  profile: Profile;
  names: DeploymentNames;
  commonName: string;
  /** Holds the new authority's key. */
  signer: Signer;
  checkKey: CheckKey;
  now: Date;
}

/**
 * Makes the PKCS#10 request (RFC 2986) of an issuing CA: all of it that ever leaves the online machine. It says the subject
 * that the profile gives and nothing else; what the certificate says is for the issuer's profile to decide.
 */
export async function makeIntermediateRequest(
  inputs: IntermediateRequestInputs,
): Promise<CertificationRequest> {
  const { names, commonName, signer, now } = inputs;
  const profile = profileForAct(inputs.profile, { purpose: 'intermediate', now });
  await inputs.checkKey(signer.subjectPublicKeyInfo, profile.keyTypes);
  const subject = subjectOf(profile, { organization: names.organization, serviceName: commonName });
  const info = encodeCertificationRequestInfo(subject, signer.subjectPublicKeyInfo);
  const signature = await signer.sign(info);
  return parseCertificationRequest(
    encodeSigned(info, signatureAlgorithmIdentifier(signer.algorithm), signature),
  );
}
