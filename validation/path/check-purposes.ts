import type { Certificate } from '../../pki/certificate.ts';
import type { KeyUsage } from '../../pki/extensions/key-usage.ts';
import { nameText } from '../../pki/name.ts';
import { KP } from '../../pki/oid.ts';
import type { Reason } from '../reason.ts';
import { pathFactsOf } from './path-facts.ts';

/** What the relying party uses the certificate for. */
export interface WantedPurposes {
  /** Each of them must be among the key usages, where the certificate names any (RFC 5280 §4.2.1.3). */
  keyUsages: readonly KeyUsage[];
  /** Each of them must be among the extended key usages, where the certificate names any (§4.2.1.12). */
  extendedKeyUsages: readonly string[];
}

/**
 * Whether a path's leaf may be used as wanted. A CA that is itself limited to purposes certifies for these alone: beyond
 * RFC 5280, and what every browser and OpenSSL do.
 */
export function purposeFaults(path: readonly Certificate[], wanted: WantedPurposes): Reason[] {
  const { keyUsage } = pathFactsOf(path[0]);
  const missing = keyUsage ? wanted.keyUsages.filter((usage) => !keyUsage.includes(usage)) : [];
  return [
    ...missing.map((usage) => notAllowed(`the keyUsage of the certificate does not have ${usage}`)),
    ...path.slice(0, -1).flatMap((certificate, index) => extendedFaults(certificate, index, wanted)),
  ];
}

function extendedFaults(
  certificate: Certificate,
  index: number,
  { extendedKeyUsages }: WantedPurposes,
): Reason[] {
  const { extendedKeyUsage } = pathFactsOf(certificate);
  if (!extendedKeyUsage || extendedKeyUsage.includes(KP.anyExtendedKeyUsage)) return [];
  const whose = index === 0 ? 'the certificate' : nameText(certificate.subject);
  return extendedKeyUsages
    .filter((purpose) => !extendedKeyUsage.includes(purpose))
    .map((purpose) => notAllowed(`the extended key usages of ${whose} do not have ${purpose}`));
}

function notAllowed(text: string): Reason {
  return { code: 'purpose-not-allowed', text };
}
