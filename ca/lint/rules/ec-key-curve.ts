import * as asn1 from '../../../pki/der/encode.ts';
import { ALG } from '../../../pki/oid.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { publicKeyInfo } from '../public-key-info.ts';

const CURVES: ReadonlySet<string> = new Set(
  [
    ALG.prime256v1,
    ALG.secp384r1,
    ALG.secp521r1,
    ALG.brainpoolP256r1,
    ALG.brainpoolP384r1,
    ALG.brainpoolP512r1,
  ].map((oid) => asn1.oid(oid).toString('latin1')),
);

/** The curve is one of NIST's or Brainpool's of 256 bits and more. */
export const ecKeyCurve: CertificateLint = {
  id: 'ec-key-curve',
  source: 'EN 319 412-2 GEN-4.2.5-1, ETSI TS 119 312',
  check({ certificate }) {
    const { algorithm, parameters } = publicKeyInfo(certificate);
    if (algorithm !== ALG.ecPublicKey) return 'not-applicable';
    return parameters && CURVES.has(parameters.toString('latin1'))
      ? 'pass'
      : error('the curve is none of those recommended');
  },
};
