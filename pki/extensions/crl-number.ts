import * as asn1 from '../der/encode.ts';
import { Cursor } from '../der/decode.ts';
import { TAG } from '../der/tag.ts';
import { bigintOf } from '../der/values.ts';
import type { Extension } from '../extension.ts';
import { CE } from '../oid.ts';
import { PkiError } from '../pki-error.ts';

/** Conforming issuers use at most this many octets, and every reader must take them (RFC 5280 §5.2.3). */
const CRL_NUMBER_OCTETS_MAX = 20;

/** CRLNumber (RFC 5280 §5.2.3): grows with each CRL of the same issuer and scope. */
export function crlNumberExtension(crlNumber: number | bigint): Extension {
  return { oid: CE.cRLNumber, critical: false, value: asn1.integer(crlNumber) };
}

/** Reads CRLNumber or BaseCRLNumber, which share their form; throws PkiError `crl-malformed` for a negative or overlong one. */
export function parseCrlNumber(value: Uint8Array): bigint {
  const cursor = new Cursor(value);
  const number = cursor.read(TAG.integer);
  cursor.end();
  if (number.content.length > CRL_NUMBER_OCTETS_MAX) {
    throw new PkiError(
      'crl-malformed',
      `CRL number of ${number.content.length} octets, at most ${CRL_NUMBER_OCTETS_MAX}`,
    );
  }
  const crlNumber = bigintOf(number);
  if (crlNumber < 0n) throw new PkiError('crl-malformed', 'CRL number is negative');
  return crlNumber;
}
