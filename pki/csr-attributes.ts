import * as asn1 from './der/encode.ts';

/** An attribute with object identifiers for its values, or one that stands for itself. */
export type CsrAttribute = { type: string; values: readonly string[] } | { oid: string };

/** CsrAttrs (RFC 7030 §4.5.2 as RFC 8951 §4 corrects it): SEQUENCE OF AttrOrOID. */
export function encodeCsrAttributes(attributes: readonly CsrAttribute[]): Buffer {
  return asn1.sequence(
    ...attributes.map((attribute) =>
      'oid' in attribute
        ? asn1.oid(attribute.oid)
        : asn1.sequence(
            asn1.oid(attribute.type),
            asn1.setOf(...attribute.values.map((value) => asn1.oid(value))),
          ),
    ),
  );
}
