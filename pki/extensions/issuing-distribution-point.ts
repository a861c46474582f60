import * as asn1 from '../der/encode.ts';
import { openWhole } from '../der/decode.ts';
import type { Cursor } from '../der/decode.ts';
import { context, contextPrimitive } from '../der/tag.ts';
import { bitsOf, booleanOf } from '../der/values.ts';
import type { Extension } from '../extension.ts';
import { CE } from '../oid.ts';
import { PkiError } from '../pki-error.ts';
import { encodeDistributionPointFullName, readFullName } from './crl-distribution-points.ts';
import type { GeneralName } from './general-name.ts';

/** What part of an issuer's certificates a CRL speaks for; each flag narrows it. */
export interface IssuingDistributionPoint {
  fullName: GeneralName[];
  onlyContainsUserCerts: boolean;
  onlyContainsCACerts: boolean;
  onlyContainsAttributeCerts: boolean;
  indirectCRL: boolean;
  /** ReasonFlags, when the CRL covers some reasons only. */
  onlySomeReasons?: Buffer;
}

/**
 * IssuingDistributionPoint (RFC 5280 §5.2.5), critical, naming the distribution point alone: a validator accepts the CRL
 * only for certificates whose CDP carries one of the same names (§6.3.3 (b)(2)).
 */
export function issuingDistributionPointExtension(uris: readonly string[]): Extension {
  if (uris.length === 0) throw new RangeError('an issuing distribution point needs a name');
  const value = asn1.sequence(asn1.explicit(0, encodeDistributionPointFullName(uris)));
  return { oid: CE.issuingDistributionPoint, critical: true, value };
}

/** Throws PkiError `der-malformed`, or `crl-malformed` for flags that exclude each other (§5.2.5). */
export function parseIssuingDistributionPoint(value: Uint8Array): IssuingDistributionPoint {
  const cursor = openWhole(value);
  const name = cursor.intoOptional(context(0));
  const onlyContainsUserCerts = readFlag(cursor, 1);
  const onlyContainsCACerts = readFlag(cursor, 2);
  const reasons = cursor.readOptional(contextPrimitive(3));
  const indirectCRL = readFlag(cursor, 4);
  const onlyContainsAttributeCerts = readFlag(cursor, 5);
  cursor.end();
  if (Number(onlyContainsUserCerts) + Number(onlyContainsCACerts) + Number(onlyContainsAttributeCerts) > 1) {
    throw new PkiError(
      'crl-malformed',
      'issuingDistributionPoint limits itself to two kinds of certificates',
    );
  }
  return {
    fullName: name ? readFullName(name) : [],
    onlyContainsUserCerts,
    onlyContainsCACerts,
    onlyContainsAttributeCerts,
    indirectCRL,
    ...(reasons && { onlySomeReasons: bitsOf(reasons).bytes }),
  };
}

function readFlag(cursor: Cursor, number: number): boolean {
  const flag = cursor.readOptional(contextPrimitive(number));
  return flag ? booleanOf(flag) : false;
}
