import * as asn1 from '../der/encode.ts';
import type { Extension } from '../extension.ts';
import { CE } from '../oid.ts';

/** id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2.1): the responder's own status need not be asked for. */
export function ocspNoCheckExtension(): Extension {
  return { oid: CE.ocspNoCheck, critical: false, value: asn1.NULL };
}
