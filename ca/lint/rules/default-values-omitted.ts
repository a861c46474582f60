import { CE } from '../../../pki/oid.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { rawCertificate } from '../raw-certificate.ts';

/** DER leaves default values out: no written `critical FALSE`, no written `cA FALSE`. */
export const defaultValuesOmitted: CertificateLint = {
  id: 'default-values-omitted',
  source: 'X.690 §11.5, RFC 5280 §4.1',
  check({ certificate }) {
    for (const { criticalOctet } of rawCertificate(certificate).extensions) {
      if (criticalOctet === 0) return error('an extension writes critical FALSE, which is the default');
    }
    const constraints = certificate.extensions.get(CE.basicConstraints)?.value;
    const writesFalse = constraints !== undefined && constraints[2] === 0x01 && constraints[4] === 0;
    return writesFalse ? error('basicConstraints writes cA FALSE, which is the default') : 'pass';
  },
};
