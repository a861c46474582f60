import * as asn1 from '../der/encode.ts';
import { openWhole } from '../der/decode.ts';
import type { Cursor, Element } from '../der/decode.ts';
import { TAG, context } from '../der/tag.ts';
import { assertMinimalInteger, booleanOf, numberOf, oidOf, timeOf } from '../der/values.ts';
import { encodeExtension, readExtensions } from '../extension.ts';
import type { Extensions } from '../extension.ts';
import { PkiError } from '../pki-error.ts';
import { encodeAccuracy, readAccuracy } from './accuracy.ts';
import { encodeMessageImprint, readMessageImprint } from './message-imprint.ts';

/** TSTInfo (RFC 3161 §2.4.2): what a time-stamping authority says. */
export interface TstInfo {
  /** Object identifier of the authority's policy. */
  policy: string;
  digestOid: string;
  /** See MessageImprint. */
  digestParameters?: Buffer;
  hash: Buffer;
  /** Contents octets of the INTEGER, as of certificates. */
  serialNumber: Buffer;
  /** To the millisecond. */
  genTime: Date;
  accuracyMilliseconds?: number;
  /** True: any two tokens of this authority can be ordered by genTime, whatever the accuracy. */
  ordering: boolean;
  /** Contents octets of the INTEGER, exactly as the request had them. */
  nonce?: Buffer;
  /** GeneralName in DER; a hint at who signed. */
  tsa?: Buffer;
  extensions?: Extensions;
}

/** RFC 3161 §2.4.2 asks for 160 bits; the bound leaves room for whoever takes more. */
const INTEGER_OCTETS_MAX = 128;

/** Tokens of practice have 100 to 200 octets of TSTInfo; extensions and a long name fit. */
const TST_INFO_OCTETS_MAX = 65_536;

/**
 * Reads a TSTInfo that fills the input; BER is let through, for the signature covers the octets as they are.
 * Throws PkiError `der-malformed` or `time-stamp-malformed`.
 */
export function parseTstInfo(bytes: Uint8Array): TstInfo {
  if (bytes.length > TST_INFO_OCTETS_MAX) {
    throw new PkiError('time-stamp-malformed', `${bytes.length} octets, at most ${TST_INFO_OCTETS_MAX}`);
  }
  const fields = openWhole(bytes, TAG.sequence, 'ber');
  const version = numberOf(fields.read(TAG.integer));
  if (version !== 1) throw new PkiError('time-stamp-malformed', `TSTInfo version ${version}, expected 1`);
  const policy = oidOf(fields.read(TAG.oid));
  const imprint = readMessageImprint(fields);
  const serialNumber = integerOctets(fields.read(TAG.integer));
  const genTime = timeOf(fields.read(TAG.generalizedTime));
  return { policy, ...imprint, serialNumber, genTime, ...readOptionalFields(fields) };
}

/** Encodes in DER; genTime has milliseconds only when they are not zero (RFC 3161 §2.4.2). */
export function encodeTstInfo(info: TstInfo): Buffer {
  const { accuracyMilliseconds, nonce, tsa, extensions } = info;
  return asn1.sequence(
    asn1.integer(1),
    asn1.oid(info.policy),
    encodeMessageImprint(info),
    asn1.element(TAG.integer, info.serialNumber),
    asn1.generalizedTimeWithFraction(info.genTime),
    ...(accuracyMilliseconds === undefined ? [] : [encodeAccuracy(accuracyMilliseconds)]),
    // FALSE is the default and left out in DER (X.690 §11.5).
    ...(info.ordering ? [asn1.boolean(true)] : []),
    ...(nonce ? [asn1.element(TAG.integer, nonce)] : []),
    ...(tsa ? [asn1.explicit(0, tsa)] : []),
    ...(extensions?.size ? [asn1.element(context(1), ...[...extensions.values()].map(encodeExtension))] : []),
  );
}

type OptionalFields = Pick<TstInfo, 'accuracyMilliseconds' | 'ordering' | 'nonce' | 'tsa' | 'extensions'>;

function readOptionalFields(fields: Cursor): OptionalFields {
  const accuracyMilliseconds = fields.peek() === TAG.sequence ? readAccuracy(fields) : undefined;
  const ordering = fields.readOptional(TAG.boolean);
  const nonce = fields.readOptional(TAG.integer);
  const name = fields.intoOptional(context(0));
  const tsa = name?.next().bytes;
  name?.end();
  const list = fields.intoOptional(context(1));
  const extensions = list && readExtensions(list);
  fields.end();
  return {
    ...(accuracyMilliseconds !== undefined && { accuracyMilliseconds }),
    ordering: ordering ? booleanOf(ordering, false) : false,
    ...(nonce && { nonce: integerOctets(nonce) }),
    ...(tsa && { tsa }),
    ...(extensions && { extensions }),
  };
}

/** Contents of an INTEGER of any size within reason. */
export function integerOctets(element: Element): Buffer {
  const { content } = element;
  assertMinimalInteger(content);
  if (content.length > INTEGER_OCTETS_MAX) {
    throw new PkiError(
      'time-stamp-malformed',
      `INTEGER of ${content.length} octets, at most ${INTEGER_OCTETS_MAX}`,
    );
  }
  return content;
}
