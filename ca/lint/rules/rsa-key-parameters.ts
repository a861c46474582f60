import { NULL } from '../../../pki/der/encode.ts';
import { ALG } from '../../../pki/oid.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { publicKeyInfo } from '../public-key-info.ts';

/** The parameters of rsaEncryption are NULL. */
export const rsaKeyParameters: CertificateLint = {
  id: 'rsa-key-parameters',
  source: 'RFC 3279 §2.3.1',
  check({ certificate }) {
    const { algorithm, parameters } = publicKeyInfo(certificate);
    if (algorithm !== ALG.rsaEncryption) return 'not-applicable';
    return parameters?.equals(NULL) ? 'pass' : error('the parameters of the RSA key are not NULL');
  },
};
