import * as asn1 from '../der/encode.ts';
import { Cursor } from '../der/decode.ts';
import { TAG } from '../der/tag.ts';
import { timeOf } from '../der/values.ts';
import type { Extension } from '../extension.ts';
import { CE } from '../oid.ts';

/** ExpiredCertsOnCRL (X.509 §9.5.2.8): revoked certificates that expired at or after this moment are still listed. */
export function expiredCertsOnCrlExtension(since: Date): Extension {
  return { oid: CE.expiredCertsOnCRL, critical: false, value: asn1.generalizedTime(since) };
}

export function parseExpiredCertsOnCrl(value: Uint8Array): Date {
  const cursor = new Cursor(value);
  const instant = timeOf(cursor.read(TAG.generalizedTime));
  cursor.end();
  return instant;
}
