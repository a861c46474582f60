import * as asn1 from '../der/encode.ts';
import { openWhole } from '../der/decode.ts';
import { TAG } from '../der/tag.ts';
import { booleanOf, numberOf } from '../der/values.ts';
import type { Extension } from '../extension.ts';
import { CE } from '../oid.ts';
import { PkiError } from '../pki-error.ts';

export interface BasicConstraints {
  ca: boolean;
  pathLength?: number;
}

/** BasicConstraints (RFC 5280 §4.2.1.9), critical; FALSE is the default and so an empty SEQUENCE. */
export function basicConstraintsExtension({ ca, pathLength }: BasicConstraints): Extension {
  const parts = ca ? [asn1.boolean(true)] : [];
  if (pathLength !== undefined) parts.push(asn1.integer(pathLength));
  return { oid: CE.basicConstraints, critical: true, value: asn1.sequence(...parts) };
}

/** Throws PkiError `der-malformed`, also for a negative path length: INTEGER (0..MAX). */
export function parseBasicConstraints(value: Uint8Array): BasicConstraints {
  const cursor = openWhole(value);
  const flag = cursor.readOptional(TAG.boolean);
  const path = cursor.readOptional(TAG.integer);
  cursor.end();
  const pathLength = path && numberOf(path);
  if (pathLength !== undefined && pathLength < 0)
    throw new PkiError('der-malformed', `path length ${pathLength}`);
  return { ca: flag ? booleanOf(flag) : false, ...(pathLength !== undefined && { pathLength }) };
}
