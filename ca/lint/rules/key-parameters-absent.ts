import { ALG } from '../../../pki/oid.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { publicKeyInfo } from '../public-key-info.ts';

const WITHOUT_PARAMETERS: ReadonlySet<string> = new Set([ALG.ed25519, ALG.ed448, ALG.mlDsa65]);

/** Keys whose algorithm says everything have no parameters, not even NULL. */
export const keyParametersAbsent: CertificateLint = {
  id: 'key-parameters-absent',
  source: 'RFC 8410 §3, RFC 9881 §4',
  check({ certificate }) {
    const { algorithm, parameters } = publicKeyInfo(certificate);
    if (!WITHOUT_PARAMETERS.has(algorithm)) return 'not-applicable';
    return parameters ? error('the key has parameters') : 'pass';
  },
};
