import { openWhole } from '../der/decode.ts';
import { readGeneralNames } from './general-name.ts';
import type { GeneralName } from './general-name.ts';

/**
 * CertificateIssuer of a CRL entry (RFC 5280 §5.3.3): on an indirect CRL it says whose certificates this entry and
 * those after it speak of.
 */
export function parseCertificateIssuer(value: Uint8Array): GeneralName[] {
  return readGeneralNames(openWhole(value));
}
