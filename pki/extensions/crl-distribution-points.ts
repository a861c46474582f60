import * as asn1 from '../der/encode.ts';
import type { Cursor } from '../der/decode.ts';
import { openWhole } from '../der/decode.ts';
import { TAG, context, contextPrimitive } from '../der/tag.ts';
import { bitsOf } from '../der/values.ts';
import type { Extension } from '../extension.ts';
import { CE } from '../oid.ts';
import { encodeUri, readGeneralName, readGeneralNames } from './general-name.ts';
import type { GeneralName } from './general-name.ts';
import { PkiError } from '../pki-error.ts';

/** Real ones have one or two; a point takes far more of memory than of the document. The budget of a path is far below. */
const POINTS_MAX = 10_000;

export interface DistributionPoint {
  fullName: GeneralName[];
  /** Present when the point is restricted to some reasons; we never write it. */
  reasons?: Buffer;
  cRLIssuer?: GeneralName[];
}

/** CRLDistributionPoints (RFC 5280 §4.2.1.13): one point whose URIs name the same CRL. */
export function crlDistributionPointsExtension(
  uris: readonly string[],
  oid: string = CE.cRLDistributionPoints,
): Extension {
  const point = asn1.sequence(asn1.explicit(0, encodeDistributionPointFullName(uris)));
  return { oid, critical: false, value: asn1.sequence(point) };
}

/** The `fullName` form of DistributionPointName: [0] IMPLICIT GeneralNames. */
export function encodeDistributionPointFullName(uris: readonly string[]): Buffer {
  return asn1.implicit(0, asn1.sequence(...uris.map(encodeUri)));
}

/** RFC 5280 §4.2.1.13; throws PkiError `der-malformed`. */
export function parseCrlDistributionPoints(value: Uint8Array): DistributionPoint[] {
  const list = openWhole(value);
  const points: DistributionPoint[] = [];
  while (!list.atEnd) {
    if (points.length === POINTS_MAX)
      throw new PkiError('der-malformed', `more than ${POINTS_MAX} distribution points`);
    const point = list.into(TAG.sequence);
    const name = point.intoOptional(context(0));
    const reasons = point.readOptional(contextPrimitive(1));
    const issuer = point.intoOptional(context(2));
    point.end();
    points.push({
      fullName: name ? readFullName(name) : [],
      ...(reasons && { reasons: bitsOf(reasons).bytes }),
      ...(issuer && { cRLIssuer: readGeneralNames(issuer) }),
    });
  }
  return points;
}

/**
 * Reads DistributionPointName. nameRelativeToCRLIssuer, which nobody uses, is kept as a name of kind `other`: left out,
 * it would make a CRL with part of the certificates look like one with all of them.
 */
export function readFullName(name: Cursor): GeneralName[] {
  const full = name.intoOptional(context(0));
  const names = full ? readGeneralNames(full) : [readGeneralName(name.read(context(1)))];
  name.end();
  return names;
}
