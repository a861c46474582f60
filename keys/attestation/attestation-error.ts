import { DomainError } from '../../core/errors.ts';
import type { DomainErrorOptions } from '../../core/errors.ts';

export type AttestationFault =
  | 'attestation-not-configured'
  | 'attestation-unreadable'
  | 'attestation-chain'
  | 'attestation-root'
  | 'attestation-expired'
  | 'attestation-revoked'
  | 'attestation-status-outdated'
  | 'attestation-extension'
  | 'attestation-version'
  | 'attestation-challenge'
  | 'attestation-level'
  | 'attestation-key'
  | 'attestation-boot'
  | 'attestation-purpose'
  | 'attestation-origin'
  | 'attestation-algorithm'
  | 'attestation-all-applications'
  | 'attestation-application'
  | 'attestation-patch-level'
  | 'attestation-counter'
  | 'attestation-environment';

/** Why an attestation proves nothing; the certificate is issued without the policy of hardware then. */
export class AttestationError extends DomainError<AttestationFault> {
  constructor(code: AttestationFault, detail: string, options?: DomainErrorOptions) {
    super(code, detail, options);
    this.name = 'AttestationError';
  }
}
