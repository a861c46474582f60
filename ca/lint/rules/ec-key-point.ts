import { ALG } from '../../../pki/oid.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { publicKeyInfo } from '../public-key-info.ts';

/** The point is written uncompressed: the one form that everybody must read. */
export const ecKeyPoint: CertificateLint = {
  id: 'ec-key-point',
  source: 'RFC 5480 §2.2',
  check({ certificate }) {
    const { algorithm, key } = publicKeyInfo(certificate);
    if (algorithm !== ALG.ecPublicKey) return 'not-applicable';
    const uncompressed = key[0] === 0x04 && key.length % 2 === 1;
    return uncompressed ? 'pass' : error('the EC point is not in uncompressed form');
  },
};
