import * as asn1 from '../der/encode.ts';
import { Cursor } from '../der/decode.ts';
import { TAG } from '../der/tag.ts';
import { timeOf } from '../der/values.ts';
import type { Extension } from '../extension.ts';
import { CE } from '../oid.ts';

/** invalidityDate of a CRL entry (RFC 5280 §5.3.2): since when the key is suspected to be compromised. */
export function invalidityDateExtension(invalidityDate: Date): Extension {
  return { oid: CE.invalidityDate, critical: false, value: asn1.generalizedTime(invalidityDate) };
}

export function parseInvalidityDate(value: Uint8Array): Date {
  const cursor = new Cursor(value);
  const instant = timeOf(cursor.read(TAG.generalizedTime));
  cursor.end();
  return instant;
}
