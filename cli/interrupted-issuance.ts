import type { Logger } from 'pino';

import type { AuditActor } from '../audit/audit-event.ts';
import { CaError } from '../ca/ca-error.ts';
import type { CertificateIssuer } from '../ca/issue/certificate-issuer.ts';
import { KeyError } from '../keys/key-error.ts';
import type { KeyErrorCode } from '../keys/key-error.ts';
import { applicationOfOrigin } from '../ra/application.ts';
import { completeApproved } from '../ra/approve-application.ts';
import type { RegistrationHouse } from '../ra/registration-house.ts';

/** Refusals by a key that may pass; the others would be the same again. */
const PASSING: readonly KeyErrorCode[] = ['key-unavailable', 'key-busy'];

/**
 * What was approved while the CA's key or the database went away: the certificate follows when they are back, without a
 * restart. Only issuances that have failed in this process are touched, so nobody else is at work on them.
 */
export class InterruptedIssuance {
  readonly #origins = new Set<string>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Keeps the origin of an issuance that has failed, if it may succeed later. */
  note(origin: string, error: unknown): void {
    if (mayPass(error)) this.#origins.add(origin);
  }

  /** Tries each again, once; never rejects. */
  async complete(
    issuer: Pick<CertificateIssuer, 'resume'>,
    house: RegistrationHouse,
    actor: AuditActor,
  ): Promise<void> {
    for (const origin of [...this.#origins]) {
      try {
        await issuer.resume(actor, (intent) => intent.origin === origin);
        const applicationId = applicationOfOrigin(origin);
        if (applicationId) await completeApproved(house, applicationId, actor);
        this.#origins.delete(origin);
      } catch (error) {
        if (!mayPass(error)) this.#origins.delete(origin);
        this.#logger.error({ err: error, origin }, 'an interrupted issuance cannot be completed yet');
      }
    }
  }
}

function mayPass(error: unknown): boolean {
  if (error instanceof KeyError) return PASSING.includes(error.code);
  return !(error instanceof CaError);
}
