import type { Logger } from 'pino';

import type { ApiServices } from '../api/api-services.ts';
import type { Clock } from '../core/clock.ts';
import { prescriptionPolicy } from '../validation/policy.ts';
import { TrustStore } from '../validation/trust-store.ts';
import { validateCms } from '../validation/validate-cms.ts';
import type { Hierarchy } from './open-authorities.ts';
import type { Stores } from './stores.ts';

/** Validates against the authorities of this deployment and its own history of statuses. */
export function serviceValidator(
  { clock, logger }: { clock: Clock; logger: Logger },
  { statusHistory }: Stores,
  { records, certificates }: Hierarchy,
  oidArc: string,
): ApiServices['validate'] {
  const anchors = records
    .filter(({ issuerId }) => issuerId === undefined)
    .map(({ id }) => certificates.get(id)!);
  const intermediates = records
    .filter(({ issuerId }) => issuerId !== undefined)
    .map(({ id }) => certificates.get(id)!);
  const trust = new TrustStore({ anchors, intermediates });
  const policy = prescriptionPolicy(oidArc);
  const onStatusFault = (err: unknown) => logger.error({ err }, 'status history cannot be read');
  return (request) => validateCms({ ...request, trust, policy, statusHistory, clock, onStatusFault });
}
