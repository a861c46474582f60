import type { Certificate } from '../pki/certificate.ts';
import { candidatePaths } from './build-path.ts';
import type { CertificatePath } from './build-path.ts';
import type { Reason } from './reason.ts';
import type { TrustStore } from './trust-store.ts';
import { validatePath } from './validate-path.ts';

export interface PathResult {
  /** The valid path, else the likeliest one, else absent; with reasons it is not valid. */
  path?: CertificatePath;
  reasons: Reason[];
}

/** Validates paths until one is valid (ETSI EN 319 102-1 §5.2.6); else answers with the faults of the likeliest. */
export function findValidPath(
  leaf: Certificate,
  at: Date,
  { trust, embedded }: { trust: TrustStore; embedded: readonly Certificate[] },
): PathResult {
  let likeliest: PathResult | undefined;
  for (const path of candidatePaths(leaf, trust, embedded)) {
    const reasons = validatePath(path, at);
    if (reasons.length === 0) return { path, reasons };
    likeliest ??= { path, reasons };
  }
  const text = "no path leads from the signer's certificate to a trust anchor of this deployment";
  return likeliest ?? { reasons: [{ code: 'chain-not-found', text }] };
}
