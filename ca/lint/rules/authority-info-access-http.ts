import { PKIX } from '../../../pki/oid.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';
import { isVisibleAscii } from '../text.ts';

/** OCSP responder and issuer certificate are reached by plain http, as the CRL is. */
export const authorityInfoAccessHttp: CertificateLint = {
  id: 'authority-info-access-http',
  source: 'RFC 5280 §4.2.2.1 and §8, EN 319 412-2 GEN-4.4.1-4 and GEN-4.4.1-6',
  check({ certificate }) {
    const descriptions = parsedExtensions(certificate).authorityInfoAccess;
    if (!descriptions) return 'not-applicable';
    if (descriptions.length === 0) return error('authorityInfoAccess is empty');
    for (const { method, location } of descriptions) {
      if (method !== PKIX.ocsp && method !== PKIX.caIssuers) return error(`access method ${method}`);
      const http =
        location.kind === 'uri' && location.value.startsWith('http://') && isVisibleAscii(location.value);
      if (!http)
        return error(`the location of ${method === PKIX.ocsp ? 'OCSP' : 'caIssuers'} is not an http URI`);
    }
    return 'pass';
  },
};
