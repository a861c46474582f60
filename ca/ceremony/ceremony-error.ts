import { DomainError } from '../../core/errors.ts';
import type { DomainErrorOptions } from '../../core/errors.ts';

export type CeremonyErrorCode =
  // The reviewed file and what it names.
  | 'act-malformed'
  | 'date-unexpected'
  | 'file-unreadable'
  | 'file-changed'
  | 'file-exists'
  | 'file-unwritable'
  | 'passphrase-unconfirmed'
  | 'profile-unexpected'
  | 'validity-exceeds-profile'
  // Certificates.
  | 'key-mismatch'
  | 'subject-mismatch'
  | 'issuer-mismatch'
  | 'signature-wrong'
  | 'issuer-not-authority'
  | 'basic-constraints'
  | 'path-length'
  | 'key-usage'
  | 'policy'
  | 'validity'
  | 'lint-failed'
  // The register of the online service.
  | 'public-url-mismatch'
  | 'authority-exists'
  | 'authority-unknown'
  | 'authority-online'
  | 'subject-reused'
  | 'key-reused'
  | 'serial-taken'
  | 'profile-offered-twice'
  | 'generation-succeeded'
  | 'assurance-level'
  // CRLs of an offline CA.
  | 'crl-number'
  | 'crl-scope'
  | 'crl-entry'
  | 'crl-entry-missing';

/** A refusal during a ceremony. */
export class CeremonyError extends DomainError<CeremonyErrorCode> {
  constructor(code: CeremonyErrorCode, detail: string, options?: DomainErrorOptions) {
    super(code, detail, options);
    this.name = 'CeremonyError';
  }
}
