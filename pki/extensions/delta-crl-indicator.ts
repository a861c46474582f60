import * as asn1 from '../der/encode.ts';
import type { Extension } from '../extension.ts';
import { CE } from '../oid.ts';

/**
 * DeltaCRLIndicator (RFC 5280 §5.2.4), critical: the number of the complete CRL on which the delta builds.
 * `parseCrlNumber` reads it.
 */
export function deltaCrlIndicatorExtension(baseCrlNumber: number | bigint): Extension {
  return { oid: CE.deltaCRLIndicator, critical: true, value: asn1.integer(baseCrlNumber) };
}
