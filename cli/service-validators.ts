import type { Logger } from 'pino';

import type { ApiServices } from '../api/api-services.ts';
import type { DeploymentNames } from '../ca/authority/authority.ts';
import type { Clock } from '../core/clock.ts';
import type { AlgorithmPolicy } from '../validation/algorithm-policy.ts';
import { prescriptionPolicy } from '../validation/policy.ts';
import type { RevocationSource } from '../validation/revocation/revocation-source.ts';
import { TrustStore } from '../validation/trust-store.ts';
import { validateDocument } from '../validation/validate-document.ts';
import { validateEncodedCertificate } from '../validation/validate-encoded-certificate.ts';
import { HttpRevocationSource } from './http-revocation-source.ts';
import type { Hierarchy } from './open-authorities.ts';
import type { Stores } from './stores.ts';

export interface ValidatorOptions {
  clock: Clock;
  logger: Logger;
  algorithms: AlgorithmPolicy;
  /** Absent or empty: nobody is asked. */
  revocationHosts?: readonly string[];
}

/** What validation rests on, for others that need the same. */
export interface ValidationSources {
  trust: TrustStore;
  revocationSource: RevocationSource | undefined;
}

/** Validates against the authorities of this deployment, its own history of statuses and its policy for algorithms. */
export function serviceValidators(
  { clock, logger, algorithms, revocationHosts: hosts = [] }: ValidatorOptions,
  { statusHistory, licenceHistory }: Stores,
  { records, certificates }: Hierarchy,
  names: Pick<DeploymentNames, 'oidArc' | 'nationalPolicyArc'>,
): Pick<ApiServices, 'validate' | 'validatePath'> & ValidationSources {
  const anchors = records
    .filter(({ issuerId }) => issuerId === undefined)
    .map(({ id }) => certificates.get(id)!);
  const intermediates = records
    .filter(({ issuerId }) => issuerId !== undefined)
    .map(({ id }) => certificates.get(id)!);
  const trust = new TrustStore({ anchors, intermediates });
  const policy = prescriptionPolicy(names, algorithms);
  const onStatusFault = (err: unknown) => logger.error({ err }, 'status history cannot be read');
  const onFault = (err: unknown) => logger.warn({ err }, 'nothing fetched about the revocation of others');
  const revocationSource = hosts.length > 0 ? new HttpRevocationSource({ hosts, clock, onFault }) : undefined;
  const own = { trust, statusHistory, onStatusFault };
  return {
    trust,
    revocationSource,
    validate: (request) =>
      validateDocument({ ...request, ...own, licenceHistory, policy, clock, revocationSource }),
    async validatePath({ at = clock.now(), algorithms: wanted, ...request }) {
      const constraints = wanted === 'policy' && { algorithms };
      return { at, ...(await validateEncodedCertificate({ ...request, ...own, ...constraints, at })) };
    },
  };
}
