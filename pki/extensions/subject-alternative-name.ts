import * as asn1 from '../der/encode.ts';
import { Cursor, openWhole } from '../der/decode.ts';
import { TAG } from '../der/tag.ts';
import { oidOf, textOf } from '../der/values.ts';
import type { Extension } from '../extension.ts';
import { CE, PKIX } from '../oid.ts';
import { encodeOtherName, readGeneralNames } from './general-name.ts';
import type { GeneralName } from './general-name.ts';

export interface PermanentIdentifier {
  identifierValue?: string;
  /** OID of the authority that assigns the identifiers. */
  assigner?: string;
}

/** SubjectAltName (RFC 5280 §4.2.1.6) with one permanentIdentifier as otherName (RFC 4043 §2). */
export function permanentIdentifierExtension({ identifierValue, assigner }: PermanentIdentifier): Extension {
  const parts: Buffer[] = [];
  if (identifierValue !== undefined) parts.push(asn1.utf8String(identifierValue));
  if (assigner !== undefined) parts.push(asn1.oid(assigner));
  const otherName = encodeOtherName(PKIX.permanentIdentifier, asn1.sequence(...parts));
  return { oid: CE.subjectAltName, critical: false, value: asn1.sequence(otherName) };
}

export function parseSubjectAltName(value: Uint8Array): GeneralName[] {
  return readGeneralNames(openWhole(value));
}

/** First permanentIdentifier among alternative names; throws PkiError `der-malformed` for an unreadable one. */
export function permanentIdentifierOf(names: readonly GeneralName[]): PermanentIdentifier | undefined {
  for (const name of names) {
    if (name.kind !== 'otherName' || name.type !== PKIX.permanentIdentifier) continue;
    const outer = new Cursor(name.value);
    const cursor = outer.into(TAG.sequence);
    outer.end();
    const text = cursor.readOptional(TAG.utf8String);
    const assigner = cursor.readOptional(TAG.oid);
    cursor.end();
    return { ...(text && { identifierValue: textOf(text) }), ...(assigner && { assigner: oidOf(assigner) }) };
  }
  return undefined;
}
