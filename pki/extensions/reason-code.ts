import * as asn1 from '../der/encode.ts';
import { Cursor } from '../der/decode.ts';
import { TAG } from '../der/tag.ts';
import { numberOf } from '../der/values.ts';
import type { Extension } from '../extension.ts';
import { CE } from '../oid.ts';
import { PkiError } from '../pki-error.ts';
import { REVOCATION_REASONS, revocationReasonOf } from '../revocation-reason.ts';
import type { RevocationReason } from '../revocation-reason.ts';

/** reasonCode of a CRL entry (RFC 5280 §5.3.1); `unspecified` is said by leaving it out. */
export function reasonCodeExtension(reason: Exclude<RevocationReason, 'unspecified'>): Extension {
  return { oid: CE.reasonCode, critical: false, value: asn1.enumerated(REVOCATION_REASONS[reason]) };
}

/** Throws PkiError `crl-malformed` for a code that the standard does not know (7, or above 10). */
export function parseReasonCode(value: Uint8Array): RevocationReason {
  const cursor = new Cursor(value);
  const code = numberOf(cursor.read(TAG.enumerated));
  cursor.end();
  const reason = revocationReasonOf(code);
  if (!reason) throw new PkiError('crl-malformed', `reason code ${code}`);
  return reason;
}
