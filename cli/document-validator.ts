import type { Clock } from '../core/clock.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { AlgorithmPolicy } from '../validation/algorithm-policy.ts';
import type { ValidateOne } from '../validation/batch/batch-result.ts';
import type { LicenceHistory } from '../validation/licence-history.ts';
import { policyOfFile } from '../validation/policy-file.ts';
import type { PolicyFile } from '../validation/policy-file.ts';
import { prescriptionPolicy } from '../validation/policy.ts';
import type { ValidationPolicy } from '../validation/policy.ts';
import type { RevocationSource } from '../validation/revocation/revocation-source.ts';
import type { StatusHistory } from '../validation/status-history.ts';
import { TrustStore } from '../validation/trust-store.ts';
import { validateDocument } from '../validation/validate-document.ts';
import { HttpRevocationSource } from './http-revocation-source.ts';

/** Whom a deployment trusts, and under which constraints; no functions, so that it goes to other threads as it is. */
export interface ValidatorTerms {
  /** OID arcs of its policies and professions. */
  names: { oidArc: string; nationalPolicyArc: string };
  algorithms: AlgorithmPolicy;
  /** In place of the policy as shipped. */
  policyFile?: PolicyFile | undefined;
  /** Whoever may be asked about the certificates of others; empty: nobody is. */
  revocationHosts: readonly string[];
}

export interface ValidatorPorts {
  anchors: readonly Certificate[];
  intermediates: readonly Certificate[];
  /** Beside the anchors, of time stamps alone. */
  timeStampAnchors?: readonly Certificate[];
  statusHistory: StatusHistory;
  licenceHistory: LicenceHistory | undefined;
  clock: Clock;
  onStatusFault(cause: unknown): void;
  onFetchFault(cause: unknown): void;
}

/** Undefined: nobody may be asked. */
export function revocationSourceOf(
  { revocationHosts: hosts }: ValidatorTerms,
  { clock, onFetchFault: onFault }: Pick<ValidatorPorts, 'clock' | 'onFetchFault'>,
): RevocationSource | undefined {
  return hosts.length > 0 ? new HttpRevocationSource({ hosts, clock, onFault }) : undefined;
}

export function validatorPolicy({ names, algorithms, policyFile }: ValidatorTerms): ValidationPolicy {
  return policyFile ? policyOfFile(policyFile, names, algorithms) : prescriptionPolicy(names, algorithms);
}

/** What validates a document here, whoever hands it in and how many come with it. */
export function documentValidator(terms: ValidatorTerms, ports: ValidatorPorts): ValidateOne {
  const { statusHistory, licenceHistory, clock, onStatusFault } = ports;
  const context = {
    trust: new TrustStore(ports),
    policy: validatorPolicy(terms),
    statusHistory,
    licenceHistory,
    clock,
    onStatusFault,
    revocationSource: revocationSourceOf(terms, ports),
  };
  return (document) => validateDocument({ ...document, ...context });
}
