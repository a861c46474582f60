import type { Logger } from 'pino';

import type { AuditActor } from '../audit/audit-event.ts';
import { CaError } from '../ca/ca-error.ts';
import type { CertificateIssuer } from '../ca/issue/certificate-issuer.ts';
import { DistantRefusal } from '../ca/requests/distant-refusal.ts';
import { KeyError } from '../keys/key-error.ts';
import type { KeyErrorCode } from '../keys/key-error.ts';
import { applicationOfOrigin } from '../ra/application.ts';
import type { ApplicationId } from '../ra/application.ts';
import { completeApproved, issueApproved } from '../ra/issue-approved.ts';
import { issueUnfinished } from '../ra/officer-certificates/issue-officer-certificate.ts';
import type { OfficeHouse } from '../ra/offices/office-house.ts';
import type { IssuingHouse } from '../ra/registration-house.ts';

/** Refusals by a key that may pass; the others would be the same again. */
const PASSING: readonly KeyErrorCode[] = ['key-unavailable', 'key-busy'];

/**
 * What was approved while the CA's key or the database went away: the certificate follows when they are back, without a
 * restart. Should two complete the same one, the certificate that is recorded first stands.
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

  /**
   * Completes the intents that crashes, other processes and lost answers have left open; with a moment, only older ones.
   * What fails is logged, for the next time; never rejects.
   */
  async resumeAll(
    issuer: Pick<CertificateIssuer, 'resume'>,
    actor: AuditActor,
    before?: Date,
  ): Promise<void> {
    try {
      await issuer.resume(
        actor,
        ({ intendedAt }) => before === undefined || intendedAt < before,
        ({ origin }, err) => this.#logger.error({ err, origin }, 'an open intent is refused for good'),
      );
    } catch (err) {
      this.#logger.error({ err }, 'open intents cannot be completed');
    }
  }

  /** The same for applications that are approved and have come no further. */
  async issueAll(house: IssuingHouse, actor: AuditActor, before?: Date): Promise<void> {
    const onFailure = (application: ApplicationId, err: unknown) =>
      this.#logger.error({ err, application }, 'an approved application cannot be issued');
    try {
      await issueApproved(house, actor, { ...(before && { decidedBefore: before }), onFailure });
    } catch (err) {
      this.#logger.error({ err }, 'approved applications cannot be read');
    }
  }

  /** Officers' certificates that were confirmed and not issued; never rejects. */
  async certifyAll(house: OfficeHouse, actor: AuditActor): Promise<void> {
    try {
      await issueUnfinished(house, actor);
    } catch (err) {
      this.#logger.error({ err }, 'a confirmed certificate of an officer cannot be issued');
    }
  }

  /** Tries again, once, each that has failed in this process; never rejects. */
  async complete(
    issuer: Pick<CertificateIssuer, 'resume'>,
    house: IssuingHouse,
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
  if (error instanceof DistantRefusal) return error.mayPass;
  return !(error instanceof CaError);
}
