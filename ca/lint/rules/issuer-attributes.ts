import { AT } from '../../../pki/oid.ts';
import { isNaturalPerson } from '../certificate-kind.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** The CA that issues to natural persons names its country, its organization and itself, each once. */
export const issuerAttributes: CertificateLint = {
  id: 'issuer-attributes',
  source: 'EN 319 412-2 GEN-4.2.3.1-2 and GEN-4.2.3.1-5',
  check({ certificate }) {
    if (!isNaturalPerson(certificate)) return 'not-applicable';
    const types: string[] = [];
    for (const rdn of certificate.issuer.rdns) {
      for (const { type } of rdn) {
        if (types.includes(type)) return error(`the issuer repeats attribute ${type}`);
        types.push(type);
      }
    }
    const missing = REQUIRED.find(([type]) => !types.includes(type));
    return missing ? error(`the issuer has no ${missing[1]}`) : 'pass';
  },
};

const REQUIRED = [
  [AT.countryName, 'countryName'],
  [AT.organizationName, 'organizationName'],
  [AT.commonName, 'commonName'],
] as const;
