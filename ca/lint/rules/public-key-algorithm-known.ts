import { ALG } from '../../../pki/oid.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { publicKeyInfo } from '../public-key-info.ts';

const KNOWN: ReadonlySet<string> = new Set([
  ALG.rsaEncryption,
  ALG.ecPublicKey,
  ALG.ed25519,
  ALG.ed448,
  ALG.mlDsa65,
]);

/** The key is of a kind that relying parties verify; DSA and the key agreement curves are not. */
export const publicKeyAlgorithmKnown: CertificateLint = {
  id: 'public-key-algorithm-known',
  source: 'EN 319 412-2 GEN-4.2.5-1, practice statement: keys',
  check({ certificate }) {
    const { algorithm } = publicKeyInfo(certificate);
    return KNOWN.has(algorithm) ? 'pass' : error(`public key algorithm ${algorithm}`);
  },
};
