import { DomainError } from '../core/errors.ts';
import type { DomainErrorOptions } from '../core/errors.ts';

export type KeyErrorCode =
  | 'sealing-key-missing'
  | 'sealed-content-damaged'
  | 'key-passphrase'
  | 'passphrase-source'
  | 'secret-file-unreadable'
  | 'secret-file-permissions'
  | 'key-file-malformed'
  | 'key-file-unsupported'
  | 'key-file-unencrypted'
  | 'key-file-exists'
  | 'key-file-unwritable'
  | 'pkcs12-key-mismatch'
  | 'pkcs12-chain'
  | 'pkcs12-password'
  | 'pkcs12-legacy-rsa-only'
  | 'algorithm-mismatch'
  | 'runtime-unsupported'
  | 'key-mismatch'
  | 'key-weak'
  | 'key-type-not-allowed'
  | 'key-blocked'
  | 'pkcs11-uri-malformed'
  | 'pkcs11-not-installed'
  | 'pkcs11-module'
  | 'token-not-found'
  | 'token-pin'
  | 'key-not-found'
  | 'key-ambiguous'
  | 'key-exists'
  | 'key-exportable'
  | 'key-busy'
  | 'key-unavailable';

/** A refusal by `keys/`; neither detail nor context ever holds a key, a passphrase or a PIN. */
export class KeyError extends DomainError<KeyErrorCode> {
  constructor(code: KeyErrorCode, detail: string, options?: DomainErrorOptions) {
    super(code, detail, options);
    this.name = 'KeyError';
  }
}
