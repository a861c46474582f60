import { availableParallelism } from 'node:os';

import type { Logger } from 'pino';

import type { ApiServices } from '../api/api-services.ts';
import type { AuthorityRecord } from '../ca/authority/authority-store.ts';
import type { DeploymentNames } from '../ca/authority/authority.ts';
import type { Clock } from '../core/clock.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { AlgorithmPolicy } from '../validation/algorithm-policy.ts';
import { TrustStore } from '../validation/trust-store.ts';
import { validateEncodedCertificate } from '../validation/validate-encoded-certificate.ts';
import { documentValidator } from './document-validator.ts';
import type { Hierarchy } from './open-authorities.ts';
import type { Stores } from './stores.ts';
import { ValidationWorkers } from './validation-workers/validation-workers.ts';

export interface ValidatorOptions {
  clock: Clock;
  logger: Logger;
  algorithms: AlgorithmPolicy;
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

/** Validates against the authorities of this deployment, its own history of statuses and its policy for algorithms. */
export function serviceValidators(
  { clock, logger, algorithms, revocationHosts = [] }: ValidatorOptions,
  { statusHistory, licenceHistory, validationRecords }: Stores,
  hierarchy: Hierarchy,
  { oidArc, nationalPolicyArc }: Pick<DeploymentNames, 'oidArc' | 'nationalPolicyArc'>,
): Pick<ApiServices, 'validate' | 'validatePath' | 'validateChunk'> & { close(): Promise<void> } {
  const trusted = trustedAuthorities(hierarchy);
  const validator = { names: { oidArc, nationalPolicyArc }, algorithms, revocationHosts };
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
    },
    records: validationRecords,
    threads: SERVICE_THREADS,
    onFault: (what, detail) =>
      what === 'status' ? onStatusFault(new Error(detail)) : onFetchFault(new Error(detail)),
  });
  return {
    validate: documentValidator(validator, { ...trusted, ...own, licenceHistory, clock, onFetchFault }),
    async validatePath({ at = clock.now(), algorithms: wanted, ...request }) {
      const constraints = wanted === 'policy' && { algorithms };
      return { at, ...(await validateEncodedCertificate({ ...request, trust, ...own, ...constraints, at })) };
    },
    validateChunk: { chunksMax: workers.chunksMax, validate: (documents) => workers.validate(documents) },
    close: () => workers.close(),
  };
}

/** The other processors answer OCSP, which nobody waits for. */
const SERVICE_THREADS = Math.max(1, availableParallelism() - 1);
