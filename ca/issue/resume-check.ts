import type { Clock } from '../../core/clock.ts';
import { DomainError } from '../../core/errors.ts';
import type { TransactionRunner } from '../../core/transaction.ts';
import { assertStillAttested } from '../approval/assert-still-attested.ts';
import type { AttestationSources } from '../approval/assert-still-attested.ts';
import { assertStillAuthorized } from '../approval/assert-still-authorized.ts';
import type { AuthorizationSources } from '../approval/assert-still-authorized.ts';
import { readTbs } from '../approval/certified-facts.ts';
import type { Authority, DeploymentNames } from '../authority/authority.ts';
import type { CheckAuthority } from '../authority/check-authority.ts';
import { CaError } from '../ca-error.ts';
import { requiredProfile } from '../load-profiles.ts';
import type { Profiles } from '../load-profiles.ts';
import type { IssuanceIntent } from './certificate-store.ts';
import type { CheckKey } from './check-key.ts';
import { resolveOid } from './policy-oids.ts';

export interface ResumeCheckOptions extends AuthorizationSources, AttestationSources {
  names: Pick<DeploymentNames, 'oidArc'>;
  profiles: Profiles;
  transactions: TransactionRunner;
  clock: Clock;
  checkKey: CheckKey;
  checkAuthority: CheckAuthority;
}

/** Refusals that no later try will lift; whatever else is refused leaves the intent open. */
const FINAL: ReadonlySet<unknown> = new Set([
  'key-blocked',
  'key-weak',
  'authority-revoked',
  'authority-expired',
  'authorization-missing',
  'approval-differs',
  'approval-credential',
  'approval-signature',
  'activation-missing',
]);

/**
 * What steps 1 and 4 asked and what may be answered otherwise since: days can lie between a crash and the next start. An
 * application that is approved cannot be withdrawn, so its state is not asked again.
 */
export class ResumeCheck {
  readonly #options: ResumeCheckOptions;

  constructor(options: ResumeCheckOptions) {
    this.#options = options;
  }

  /** Why the intent is never to be completed; undefined when it may be. Rejects with refusals that may pass. */
  async refusalOf(intent: IssuanceIntent, authority: Authority): Promise<DomainError | undefined> {
    try {
      await this.#assertIssuable(intent, authority);
      return undefined;
    } catch (error) {
      if (error instanceof DomainError && FINAL.has(error.code)) return error;
      throw error;
    }
  }

  async #assertIssuable(intent: IssuanceIntent, authority: Authority): Promise<void> {
    const { notAfter } = authority.certificate;
    if (notAfter < this.#options.clock.now()) {
      throw new CaError('authority-expired', `${authority.id} ended at ${notAfter.toISOString()}`);
    }
    const profile = requiredProfile(this.#options.profiles, intent.profileId);
    if (profile.purpose !== 'ocsp-responder') await this.#options.checkAuthority(authority.id);
    const certificate = readTbs(intent.tbsCertificate, authority.signer.algorithm);
    await this.#options.checkKey(certificate.subjectPublicKeyInfo, profile.keyTypes);
    const { attestedKeyPolicy } = profile.extensions;
    const hardwarePolicy = attestedKeyPolicy && resolveOid(attestedKeyPolicy, this.#options.names);
    await assertStillAttested(this.#options, intent, certificate, hardwarePolicy);
    await this.#options.transactions.transaction((tx) =>
      assertStillAuthorized(this.#options, tx, intent, certificate, profile),
    );
  }
}
