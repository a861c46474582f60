import type { Logger } from 'pino';

import type { ApiServices } from '../api/api-services.ts';
import type { Clock } from '../core/clock.ts';
import { prescriptionPolicy } from '../validation/policy.ts';
import { TrustStore } from '../validation/trust-store.ts';
import { validateCms } from '../validation/validate-cms.ts';
import { validateEncodedCertificate } from '../validation/validate-encoded-certificate.ts';
import { loadAlgorithmPolicy } from './algorithm-policy-file.ts';
import type { Hierarchy } from './open-authorities.ts';
import type { Stores } from './stores.ts';

export interface ValidatorOptions {
  clock: Clock;
  logger: Logger;
  dataDirectory: string;
}

/** Validates against the authorities of this deployment, its own history of statuses and its policy for algorithms. */
export async function serviceValidators(
  { clock, logger, dataDirectory }: ValidatorOptions,
  { statusHistory }: Stores,
  { records, certificates }: Hierarchy,
  oidArc: string,
): Promise<Pick<ApiServices, 'validate' | 'validatePath'>> {
  const anchors = records
    .filter(({ issuerId }) => issuerId === undefined)
    .map(({ id }) => certificates.get(id)!);
  const intermediates = records
    .filter(({ issuerId }) => issuerId !== undefined)
    .map(({ id }) => certificates.get(id)!);
  const trust = new TrustStore({ anchors, intermediates });
  const policy = prescriptionPolicy(oidArc, await loadAlgorithmPolicy(dataDirectory));
  const onStatusFault = (err: unknown) => logger.error({ err }, 'status history cannot be read');
  const own = { trust, statusHistory, onStatusFault };
  return {
    validate: (request) => validateCms({ ...request, ...own, policy, clock }),
    async validatePath({ at = clock.now(), algorithms, ...request }) {
      const constraints = algorithms === 'policy' && { algorithms: policy.algorithms };
      return { at, ...(await validateEncodedCertificate({ ...request, ...own, ...constraints, at })) };
    },
  };
}
