import type { Signer } from '../../keys/signer.ts';
import type { Pace } from './pace.ts';

/** A signer that spends no more signatures than its budget: an HSM keeps room for OCSP and CRLs while a campaign runs. */
export function pacedSigner(signer: Signer, pace: Pace): Signer {
  return {
    label: signer.label,
    algorithm: signer.algorithm,
    subjectPublicKeyInfo: signer.subjectPublicKeyInfo,
    sign: async (message) => {
      await pace.take(1);
      return signer.sign(message);
    },
  };
}
