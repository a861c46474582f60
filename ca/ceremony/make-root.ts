import type { Signer } from '../../keys/signer.ts';
import type { DeploymentNames } from '../authority/authority.ts';
import type { CheckKey } from '../issue/check-key.ts';
import type { Profile } from '../profile.ts';
import { profileForAct } from './act-profile.ts';
import { signAuthorityCertificate } from './sign-authority-certificate.ts';
import type { SignedAuthorityCertificate } from './sign-authority-certificate.ts';

export interface RootInputs {
  profile: Profile;
  names: DeploymentNames;
  commonName: string;
  /** Holds the root's key. */
  signer: Signer;
  checkKey: CheckKey;
  /** ISO 8601 duration; the profile's when absent. */
  validity?: string | undefined;
  now: Date;
}

/** Makes the self-signed certificate of a root; throws as `profileForAct` and `signAuthorityCertificate` do. */
export async function makeRoot(inputs: RootInputs): Promise<SignedAuthorityCertificate> {
  const { names, commonName, signer, checkKey, validity, now } = inputs;
  return signAuthorityCertificate({
    profile: profileForAct(inputs.profile, { purpose: 'root', validity, now }),
    names,
    commonName,
    subjectPublicKeyInfo: signer.subjectPublicKeyInfo,
    checkKey,
    assuranceLevel: 0,
    signer,
    now,
  });
}
