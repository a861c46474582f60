import * as asn1 from '../der/encode.ts';
import { openWhole } from '../der/decode.ts';
import { TAG, context } from '../der/tag.ts';
import { booleanOf, numberOf, oidOf } from '../der/values.ts';
import { encodeExtension, readExtensions } from '../extension.ts';
import type { Extensions } from '../extension.ts';
import { PkiError } from '../pki-error.ts';
import { encodeMessageImprint, readMessageImprint } from './message-imprint.ts';
import type { MessageImprint } from './message-imprint.ts';
import { integerOctets } from './tst-info.ts';

/** TimeStampReq (RFC 3161 §2.4.1). */
export interface TimeStampRequest extends MessageImprint {
  /** 1 is the only one there is; who answers says so. */
  version: number;
  /** Object identifier of the policy that is asked for. */
  policy?: string;
  /** Contents octets of the INTEGER. */
  nonce?: Buffer;
  /** Whether the token shall carry the authority's certificate. */
  certReq: boolean;
  extensions: Extensions;
}

/** A hash, a nonce and a policy have 150 octets; extensions fit. */
export const TIME_STAMP_REQUEST_OCTETS_MAX = 8_192;

/**
 * Reads a request in DER that fills the input; throws PkiError `der-malformed` or `time-stamp-malformed`.
 * Algorithm, policy and extensions are for the authority to judge.
 */
export function parseTimeStampRequest(bytes: Uint8Array): TimeStampRequest {
  if (bytes.length > TIME_STAMP_REQUEST_OCTETS_MAX) {
    throw new PkiError(
      'time-stamp-malformed',
      `${bytes.length} octets, at most ${TIME_STAMP_REQUEST_OCTETS_MAX}`,
    );
  }
  const fields = openWhole(bytes);
  const version = numberOf(fields.read(TAG.integer));
  const imprint = readMessageImprint(fields);
  const policy = fields.readOptional(TAG.oid);
  const nonce = fields.readOptional(TAG.integer);
  const certReq = fields.readOptional(TAG.boolean);
  const list = fields.intoOptional(context(0));
  const extensions: Extensions = list ? readExtensions(list) : new Map();
  fields.end();
  return {
    version,
    ...imprint,
    ...(policy && { policy: oidOf(policy) }),
    ...(nonce && { nonce: integerOctets(nonce) }),
    certReq: certReq ? booleanOf(certReq) : false,
    extensions,
  };
}

/** Encodes in DER. */
export function encodeTimeStampRequest(
  request: MessageImprint & Partial<Omit<TimeStampRequest, keyof MessageImprint>>,
): Buffer {
  const { version = 1, policy, nonce, certReq = false, extensions } = request;
  return asn1.sequence(
    asn1.integer(version),
    encodeMessageImprint(request),
    ...(policy === undefined ? [] : [asn1.oid(policy)]),
    ...(nonce ? [asn1.element(TAG.integer, nonce)] : []),
    ...(certReq ? [asn1.boolean(true)] : []),
    ...(extensions?.size ? [asn1.element(context(0), ...[...extensions.values()].map(encodeExtension))] : []),
  );
}
