import type { Clock } from '../../core/clock.ts';
import { DomainError } from '../../core/errors.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import { encodeSigned } from '../../pki/tbs-certificate.ts';
import type { Authority } from '../authority/authority.ts';
import type { CheckAuthority } from '../authority/check-authority.ts';
import { CaError } from '../ca-error.ts';
import { requiredProfile } from '../load-profiles.ts';
import type { Profiles } from '../load-profiles.ts';
import type { IssuanceIntent } from './certificate-store.ts';
import type { CheckKey } from './check-key.ts';

export interface ResumeCheckOptions {
  profiles: Profiles;
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
]);

/**
 * What step 1 asked and what may be answered otherwise since: days can lie between a crash and the next start. An application
 * that is approved cannot be withdrawn, so it is not asked again.
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
    await this.#options.checkKey(publicKeyOf(intent, authority), profile.keyTypes);
  }
}

/** The TBS is read as part of a certificate: one without a signature that anybody would take for one. */
function publicKeyOf({ tbsCertificate }: IssuanceIntent, { signer }: Authority): Buffer {
  const algorithm = signatureAlgorithmIdentifier(signer.algorithm);
  return parseCertificate(encodeSigned(tbsCertificate, algorithm, Buffer.alloc(1))).subjectPublicKeyInfo;
}
