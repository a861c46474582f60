import type { Certificate } from '../../pki/certificate.ts';
import type { Reason } from '../reason.ts';
import type { TrustStore } from '../trust-store.ts';
import { AnchorDistances } from './anchor-distances.ts';
import { candidatePaths } from './build-path.ts';
import type { CertificatePath, PathSearch } from './build-path.ts';
import { CertificatePool } from './certificate-pool.ts';
import { ANY_POLICY_INPUTS } from './policy-graph.ts';
import type { PolicyInputs } from './policy-graph.ts';
import { issuerFaults, leafFaults, validatePath } from './validate-path.ts';
import { WorkBudget, isWorkLimit } from './work-budget.ts';

export interface PathResult {
  /** The valid path, else the likeliest one, else absent; with reasons it is not valid. */
  path?: CertificatePath;
  reasons: Reason[];
  /** Policies of the relying party's domain under which the path is valid. */
  policies: string[];
}

export interface PathInputs {
  trust: TrustStore;
  embedded: readonly Certificate[] | CertificatePool;
  policies?: PolicyInputs;
  budget?: WorkBudget;
}

/** The first valid path (ETSI EN 319 102-1 §5.2.6); else the faults of the likeliest. */
export function findValidPath(leaf: Certificate, at: Date, inputs: PathInputs): PathResult {
  const paths = validPaths(leaf, at, inputs);
  return paths.next().value;
}

/**
 * Yields the valid paths, the likeliest first, and returns why there are no more: the faults of the likeliest other one.
 * Issuers that can be in no valid path are passed over, and looked at again only to say what is wrong with them.
 */
export function* validPaths(
  leaf: Certificate,
  at: Date,
  { trust, embedded, policies = ANY_POLICY_INPUTS, budget = new WorkBudget() }: PathInputs,
): Generator<PathResult, PathResult> {
  const pool = embedded instanceof CertificatePool ? embedded : new CertificatePool(embedded);
  const distances = new AnchorDistances(trust, pool);
  const found: PathSearch['found'] = {};
  const context = { at, policies, budget };
  const isUsable: PathSearch['accepts'] = (issuer, below) =>
    issuerFaults(issuer, below, { at, budget, isAnchor: trust.isAnchor(issuer) }).length === 0;
  const isHopeless = leafFaults(leaf, at).length > 0;
  let likeliest: PathResult | undefined;
  try {
    for (const accepts of isHopeless ? [anyIssuer] : [isUsable, anyIssuer]) {
      for (const path of candidatePaths(leaf, { trust, pool, budget, accepts, distances, found })) {
        budget.spend('paths');
        const result = { path, ...validatePath(path, context) };
        if (result.reasons.length === 0) yield result;
        else likeliest ??= result;
        if (likeliest && accepts === anyIssuer) break;
      }
      if (likeliest) break;
    }
  } catch (cause) {
    if (!isWorkLimit(cause)) throw cause;
    return overBudget(likeliest, cause.detail);
  }
  return likeliest ?? { reasons: [notFound(found)], policies: [] };
}

function anyIssuer(): boolean {
  return true;
}

function overBudget(likeliest: PathResult | undefined, detail: string): PathResult {
  const text = `the search for a path was given up: it takes ${detail}`;
  const reasons: Reason[] = [{ code: 'chain-budget-exceeded', text }, ...(likeliest?.reasons ?? [])];
  return { ...likeliest, reasons, policies: [] };
}

function notFound({ wrongSignature, unsupported }: PathSearch['found']): Reason {
  if (wrongSignature) {
    const text = 'the signature on a certificate does not verify with the key of the issuer that it names';
    return { code: 'certificate-signature-wrong', text };
  }
  if (unsupported) {
    const text = 'a certificate is signed with an algorithm that is not supported';
    return { code: 'algorithm-unsupported', text };
  }
  const text = 'no path leads from the certificate to a trust anchor';
  return { code: 'chain-not-found', text };
}
