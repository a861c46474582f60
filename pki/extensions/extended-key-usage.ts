import * as asn1 from '../der/encode.ts';
import { openWhole } from '../der/decode.ts';
import type { Cursor } from '../der/decode.ts';
import { TAG } from '../der/tag.ts';
import { oidOf } from '../der/values.ts';
import type { Extension } from '../extension.ts';
import { CE } from '../oid.ts';

/** ExtKeyUsageSyntax (RFC 5280 §4.2.1.12); a time stamping authority's must be critical (RFC 3161 §2.3). */
export function extendedKeyUsageExtension(purposes: readonly string[], critical = false): Extension {
  return { oid: CE.extKeyUsage, critical, value: asn1.sequence(...purposes.map(asn1.oid)) };
}

export function parseExtendedKeyUsage(value: Uint8Array): string[] {
  return readOids(openWhole(value));
}

/** The OBJECT IDENTIFIERs that the cursor stands before, to its end. */
export function readOids(list: Cursor): string[] {
  const oids: string[] = [];
  while (!list.atEnd) oids.push(oidOf(list.read(TAG.oid)));
  return oids;
}
