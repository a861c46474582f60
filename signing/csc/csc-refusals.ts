import { DomainError } from '../../core/errors.ts';
import type { FormatErrorCode } from '../../formats/format-error.ts';
import type { PrescriptionErrorCode } from '../../prescriptions/prescription-error.ts';
import type { SigningErrorCode } from '../signing-error.ts';
import type { SessionState } from '../sessions/session-state.ts';
import { CscError } from './csc-error.ts';
import type { CscErrorCode } from './csc-error.ts';

/** Refusals of signature sessions in the words of the specification (§11.6); others pass through as bugs would. */
const REFUSALS: Partial<
  Record<SigningErrorCode | PrescriptionErrorCode | FormatErrorCode, [CscErrorCode, string]>
> = {
  'credential-unknown': ['invalid_request', 'Invalid parameter credentialID'],
  'credential-not-valid': ['invalid_request', 'The credential identified by credentialID is disabled'],
  'licence-not-active': ['invalid_request', 'The credential identified by credentialID is disabled'],
  'credential-blocked': ['invalid_request', 'Credential locked'],
  'document-unreadable': ['invalid_request', 'The document cannot be shown on the phone'],
  'pdf-malformed': ['invalid_request', 'The PDF cannot be signed'],
  'pdf-encrypted': ['invalid_request', 'The PDF cannot be signed'],
  'signature-not-permitted': ['invalid_request', 'The PDF cannot be signed'],
  'document-format': ['invalid_request', 'Invalid parameter signature_format'],
  'documents-too-large': ['invalid_request', 'The documents are too large to be shown on the phone'],
  'digests-not-allowed': ['unauthorized_client', 'The client may not have hashes of its own signed'],
  'digests-not-signed': ['invalid_request', 'The credential identified by credentialID does not sign hashes'],
  'digest-signed-before': ['invalid_request', 'The hash was signed before'],
  'session-open': ['temporarily_unavailable', 'The holder has another request to answer first'],
};

/** How a session ended that was to authorize something (§11.7). */
const ENDS: Partial<Record<SessionState, [CscErrorCode, string]>> = {
  PIN_BLOCKED: ['invalid_request', 'Credential locked'],
  CERT_REVOKED: ['invalid_request', 'The credential identified by credentialID is disabled'],
  USER_REFUSED: ['access_denied', 'The holder has refused on the phone'],
  WRONG_VC: ['invalid_authentication_data', 'The authentication data is invalid'],
  TIMEOUT: ['access_denied', 'The holder has not confirmed in time'],
  DEVICE_UNAVAILABLE: ['access_denied', 'No phone has come for the request in time'],
};

/** Runs work that refuses in the words of signature sessions, and throws CscError in their place. */
export async function inCscWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const refusal = cause instanceof DomainError ? REFUSALS[cause.code as keyof typeof REFUSALS] : undefined;
    if (!refusal) throw cause;
    throw new CscError(...refusal, { cause });
  }
}

/** Why nothing was authorized. */
export function refusalOfEnd(state: SessionState): CscError {
  return new CscError(...(ENDS[state] ?? ['access_denied', 'Nothing was authorized on the phone']));
}
