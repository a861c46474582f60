import * as asn1 from '../der/encode.ts';
import { Cursor, openWhole } from '../der/decode.ts';
import { TAG, contextPrimitive } from '../der/tag.ts';
import type { Extension } from '../extension.ts';
import { CE } from '../oid.ts';

/** SubjectKeyIdentifier (RFC 5280 §4.2.1.2). */
export function subjectKeyIdentifierExtension(keyId: Uint8Array): Extension {
  return { oid: CE.subjectKeyIdentifier, critical: false, value: asn1.octetString(keyId) };
}

export function parseSubjectKeyIdentifier(value: Uint8Array): Buffer {
  const cursor = new Cursor(value);
  const { content } = cursor.read(TAG.octetString);
  cursor.end();
  return content;
}

/** AuthorityKeyIdentifier (RFC 5280 §4.2.1.1) with keyIdentifier alone. */
export function authorityKeyIdentifierExtension(keyId: Uint8Array): Extension {
  const value = asn1.sequence(asn1.implicit(0, asn1.octetString(keyId)));
  return { oid: CE.authorityKeyIdentifier, critical: false, value };
}

/** keyIdentifier of an AuthorityKeyIdentifier, where it has one. */
export function parseAuthorityKeyIdentifier(value: Uint8Array): Buffer | undefined {
  return openWhole(value).readOptional(contextPrimitive(0))?.content;
}
