import { availableParallelism } from 'node:os';

import type { Logger } from 'pino';

import type { ApiServices } from '../api/api-services.ts';
import type { AuthorityRecord } from '../ca/authority/authority-store.ts';
import type { DeploymentNames } from '../ca/authority/authority.ts';
import type { Clock } from '../core/clock.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { AlgorithmPolicy } from '../validation/algorithm-policy.ts';
import { lookUpStatus } from '../validation/look-up-status.ts';
import type { RevocationSource } from '../validation/revocation/revocation-source.ts';
import { TrustStore } from '../validation/trust-store.ts';
import { validateEncodedCertificate } from '../validation/validate-encoded-certificate.ts';
import { documentValidator, revocationSourceOf, validatorPolicy } from './document-validator.ts';
import type { Hierarchy } from './open-authorities.ts';
import type { Stores } from './stores.ts';
import type { LoadedPolicy } from './validation-policy-file.ts';
import { ValidationWorkers } from './validation-workers/validation-workers.ts';

export interface ValidatorOptions {
  clock: Clock;
  logger: Logger;
  algorithms: AlgorithmPolicy;
  /** In place of the policy as shipped. */
  policyFile?: LoadedPolicy | undefined;
  /** Absent or empty: nobody is asked. */
  revocationHosts?: readonly string[];
}

/** Whom a deployment trusts: its roots, and what they or their intermediates certified. */
export function trustedAuthorities({ records, certificates }: Pick<Hierarchy, 'records' | 'certificates'>): {
  anchors: Certificate[];
  intermediates: Certificate[];
} {
  const of = (isWanted: (record: AuthorityRecord) => boolean) =>
    records.filter(isWanted).map(({ id }) => certificates.get(id)!);
  return {
    anchors: of(({ issuerId }) => issuerId === undefined),
    intermediates: of(({ issuerId }) => issuerId !== undefined),
  };
}

/** What validation rests on, for others that need the same. */
export interface ValidationSources {
  trust: TrustStore;
  revocationSource: RevocationSource | undefined;
  close(): Promise<void>;
}

/** Validates against the authorities of this deployment, its own history of statuses and its policy for algorithms. */
export function serviceValidators(
  { clock, logger, algorithms: shipped, policyFile, revocationHosts = [] }: ValidatorOptions,
  { statusHistory, licenceHistory, validationRecords }: Stores,
  hierarchy: Hierarchy,
  { oidArc, nationalPolicyArc }: Pick<DeploymentNames, 'oidArc' | 'nationalPolicyArc'>,
): Pick<ApiServices, 'validate' | 'validatePath' | 'validateChunk' | 'lookUpStatus'> & ValidationSources {
  const timeStampAnchors = policyFile?.timeStampAnchors ?? [];
  const trusted = { ...trustedAuthorities(hierarchy), timeStampAnchors };
  const names = { oidArc, nationalPolicyArc };
  const validator = { names, algorithms: shipped, policyFile: policyFile?.file, revocationHosts };
  const { algorithms } = validatorPolicy(validator);
  const onStatusFault = (err: unknown) => logger.error({ err }, 'status history cannot be read');
  const onFetchFault = (err: unknown) =>
    logger.warn({ err }, 'nothing fetched about the revocation of others');
  const own = { statusHistory, onStatusFault };
  const trust = new TrustStore(trusted);
  const octetsOf = (certificates: readonly Certificate[]) => certificates.map(({ bytes }) => bytes);
  const workers = new ValidationWorkers({
    terms: {
      validator,
      anchors: octetsOf(trusted.anchors),
      intermediates: octetsOf(trusted.intermediates),
      timeStampAnchors: octetsOf(timeStampAnchors),
    },
    records: validationRecords,
    threads: SERVICE_THREADS,
    onFault: (what, detail) =>
      what === 'status' ? onStatusFault(new Error(detail)) : onFetchFault(new Error(detail)),
  });
  return {
    trust,
    revocationSource: revocationSourceOf(validator, { clock, onFetchFault }),
    validate: documentValidator(validator, { ...trusted, ...own, licenceHistory, clock, onFetchFault }),
    async validatePath({ at = clock.now(), algorithms: wanted, ...request }) {
      const constraints = wanted === 'policy' && { algorithms };
      return { at, ...(await validateEncodedCertificate({ ...request, trust, ...own, ...constraints, at })) };
    },
    lookUpStatus: (certificate) => lookUpStatus(certificate, { trust, statusHistory, clock }),
    validateChunk: { chunksMax: workers.chunksMax, validate: (documents) => workers.validate(documents) },
    close: () => workers.close(),
  };
}

/** The other processors answer OCSP, which nobody waits for. */
const SERVICE_THREADS = Math.max(1, availableParallelism() - 1);
