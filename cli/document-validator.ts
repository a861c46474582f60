import type { Clock } from '../core/clock.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { AlgorithmPolicy } from '../validation/algorithm-policy.ts';
import type { ValidateOne } from '../validation/batch/batch-result.ts';
import type { LicenceHistory } from '../validation/licence-history.ts';
import { prescriptionPolicy } from '../validation/policy.ts';
import type { StatusHistory } from '../validation/status-history.ts';
import { TrustStore } from '../validation/trust-store.ts';
import { validateDocument } from '../validation/validate-document.ts';
import { HttpRevocationSource } from './http-revocation-source.ts';

/** Whom a deployment trusts, and under which constraints; no functions, so that it goes to other threads as it is. */
export interface ValidatorTerms {
  /** OID arcs of its policies and professions. */
  names: { oidArc: string; nationalPolicyArc: string };
  algorithms: AlgorithmPolicy;
  /** Whoever may be asked about the certificates of others; empty: nobody is. */
  revocationHosts: readonly string[];
}

export interface ValidatorPorts {
  anchors: readonly Certificate[];
  intermediates: readonly Certificate[];
  statusHistory: StatusHistory;
  licenceHistory: LicenceHistory | undefined;
  clock: Clock;
  onStatusFault(cause: unknown): void;
  onFetchFault(cause: unknown): void;
}

/** What validates a document here, whoever hands it in and how many come with it. */
export function documentValidator(terms: ValidatorTerms, ports: ValidatorPorts): ValidateOne {
  const { statusHistory, licenceHistory, clock, onStatusFault, onFetchFault: onFault } = ports;
  const { revocationHosts: hosts } = terms;
  const context = {
    trust: new TrustStore(ports),
    policy: prescriptionPolicy(terms.names, terms.algorithms),
    statusHistory,
    licenceHistory,
    clock,
    onStatusFault,
    revocationSource: hosts.length > 0 ? new HttpRevocationSource({ hosts, clock, onFault }) : undefined,
  };
  return (document) => validateDocument({ ...document, ...context });
}
