import { TAG } from '../../../pki/der/tag.ts';
import { ALG } from '../../../pki/oid.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { publicKeyInfo } from '../public-key-info.ts';

/** The parameters of an EC key name its curve; neither NULL nor curves spelled out. */
export const ecKeyParameters: CertificateLint = {
  id: 'ec-key-parameters',
  source: 'RFC 5480 §2.1.1',
  check({ certificate }) {
    const { algorithm, parameters } = publicKeyInfo(certificate);
    if (algorithm !== ALG.ecPublicKey) return 'not-applicable';
    return parameters?.[0] === TAG.oid ? 'pass' : error('the parameters of the EC key do not name a curve');
  },
};
