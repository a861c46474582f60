import type { KeyUsage } from '../../../pki/extensions/key-usage.ts';
import { ALG } from '../../../pki/oid.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';
import { publicKeyInfo } from '../public-key-info.ts';

const ENCRYPTING: readonly KeyUsage[] = ['keyEncipherment', 'dataEncipherment'];
const AGREEING: readonly KeyUsage[] = ['keyAgreement', 'encipherOnly', 'decipherOnly'];

/** What a key of this kind cannot do, with the clause that says so. */
const IMPOSSIBLE: ReadonlyMap<string, { usages: readonly KeyUsage[]; clause: string }> = new Map([
  [ALG.rsaEncryption, { usages: AGREEING, clause: 'RFC 4055 §1.2' }],
  [ALG.ecPublicKey, { usages: ENCRYPTING, clause: 'RFC 8813 §3' }],
  [ALG.ed25519, { usages: [...ENCRYPTING, ...AGREEING], clause: 'RFC 9295 §3' }],
  [ALG.ed448, { usages: [...ENCRYPTING, ...AGREEING], clause: 'RFC 9295 §3' }],
  [ALG.mlDsa65, { usages: [...ENCRYPTING, ...AGREEING], clause: 'RFC 9881 §5' }],
]);

/** The usages are ones that the key's algorithm has. */
export const keyUsageMatchesKey: CertificateLint = {
  id: 'key-usage-matches-key',
  source: 'RFC 4055 §1.2, RFC 8813 §3, RFC 9295 §3, RFC 9881 §5',
  check({ certificate }) {
    const usages = parsedExtensions(certificate).keyUsage;
    const impossible = IMPOSSIBLE.get(publicKeyInfo(certificate).algorithm);
    if (!usages || !impossible) return 'not-applicable';
    const wrong = impossible.usages.find((usage) => usages.includes(usage));
    return wrong ? error(`${wrong} is nothing that such a key can do (${impossible.clause})`) : 'pass';
  },
};
