import type { DomainError } from '../../core/errors.ts';
import { wholeSeconds } from '../../core/clock.ts';
import type { AuditActor } from '../../audit/audit-event.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import { certificateFingerprint, parseCertificate } from '../../pki/certificate.ts';
import type { Authority } from '../authority/authority.ts';
import { CaError } from '../ca-error.ts';
import type { StatusStore } from '../status/status-store.ts';
import type { CertificateStore, IssuanceIntent, IssuedCertificate } from './certificate-store.ts';
import { issuanceEvent } from './issuance-event.ts';
import { ResumeCheck } from './resume-check.ts';
import type { ResumeCheckOptions } from './resume-check.ts';
import { signTbsCertificate } from './sign-tbs-certificate.ts';

export interface IntentCompletionOptions extends ResumeCheckOptions {
  authorities: ReadonlyMap<string, Authority>;
  certificates: CertificateStore;
  statuses: StatusStore;
  audit: AuditLog;
}

/**
 * Steps 5 to 7 of issuing (`CertificateIssuer` has their table), right after step 4 or after a crash: `resume` verifies again what
 * an open intent rests on and goes on at step 5 with the very bytes of the intent, unless it may not be completed any more.
 */
export class IntentCompletion {
  readonly #options: IntentCompletionOptions;
  readonly #resumeCheck: ResumeCheck;

  constructor(options: IntentCompletionOptions) {
    this.#options = options;
    this.#resumeCheck = new ResumeCheck(options);
  }

  /**
   * Completes what a crash between steps 4 and 7 left; returns the certificates that were completed. With `concerns`, only
   * intents of its choice. An intent that may not be completed any more (its approval does not hold, its key was blocked since, its
   * CA was revoked or has expired) is closed, and `onRefused` told. Rejects when one cannot be completed, after it has tried all.
   */
  async resume(
    actor: AuditActor,
    concerns: (intent: IssuanceIntent) => boolean = () => true,
    onRefused: (intent: IssuanceIntent, refusal: DomainError) => void = () => undefined,
  ): Promise<IssuedCertificate[]> {
    const open = await this.#options.transactions.transaction((tx) =>
      this.#options.certificates.openIntents(tx),
    );
    const completed: IssuedCertificate[] = [];
    const failures: unknown[] = [];
    for (const intent of open) {
      if (!this.#options.authorities.has(intent.authorityId) || !concerns(intent)) continue;
      try {
        const refusal = await this.#resumeCheck.refusalOf(intent, this.#authority(intent));
        if (!refusal) completed.push(await this.complete(intent, actor));
        else if (await this.#close(intent, refusal, actor)) onRefused(intent, refusal);
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length === 1) throw failures[0];
    if (failures.length > 1) throw new AggregateError(failures, `${failures.length} intents stay open`);
    return completed;
  }

  /** False when somebody has completed or closed it meanwhile. */
  async #close(intent: IssuanceIntent, { code }: DomainError, actor: AuditActor): Promise<boolean> {
    const at = this.#options.clock.now();
    return this.#options.transactions.transaction(async (tx) => {
      const refusalCode = String(code);
      const isClosed = await this.#options.certificates.refuseIntent(tx, intent, { code: refusalCode, at });
      if (isClosed)
        await this.#options.audit.record(
          tx,
          issuanceEvent('complete-intent', intent, { at, actor, refusalCode }),
        );
      return isClosed;
    });
  }

  /** Steps 5 to 7. Where two processes complete one intent, the certificate of the first stands; nobody has seen the other signature. */
  async complete(intent: IssuanceIntent, actor: AuditActor): Promise<IssuedCertificate> {
    const issued = await this.#sign(intent);
    return this.#options.transactions.transaction(async (tx) => {
      const standing = await this.#options.certificates.recordCertificate(tx, issued);
      if (standing) return standing;
      await this.#options.statuses.append(tx, {
        authorityId: issued.authorityId,
        serialNumber: issued.serialNumber,
        event: 'issued',
        effectiveAt: issued.issuedAt,
        requestedBy: intent.origin,
      });
      const details = { sha256: issued.sha256.toString('hex') };
      const at = this.#options.clock.now();
      await this.#options.audit.record(
        tx,
        issuanceEvent('issue-certificate', intent, { at, actor, details }),
      );
      return issued;
    });
  }

  /** Steps 5 and 6. */
  async #sign(intent: IssuanceIntent): Promise<IssuedCertificate> {
    const bytes = await signTbsCertificate(intent.tbsCertificate, this.#authority(intent));
    const certificate = parseCertificate(bytes);
    return {
      authorityId: intent.authorityId,
      serialNumber: certificate.serialNumber,
      bytes,
      sha256: certificateFingerprint(certificate),
      profileId: intent.profileId,
      origin: intent.origin,
      notBefore: certificate.notBefore,
      notAfter: certificate.notAfter,
      issuedAt: wholeSeconds(this.#options.clock.now()),
    };
  }

  #authority({ authorityId }: IssuanceIntent): Authority {
    const authority = this.#options.authorities.get(authorityId);
    if (!authority) throw new CaError('authority-unknown', `no issuing CA ${authorityId} in this process`);
    return authority;
  }
}
