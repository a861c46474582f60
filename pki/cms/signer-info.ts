import { TAG, context, contextPrimitive } from '../der/tag.ts';
import { oidOf } from '../der/values.ts';
import { Cursor } from '../der/decode.ts';
import { parseName } from '../name.ts';
import type { Name } from '../name.ts';
import { parseAttributes } from './attribute.ts';
import type { CmsAttribute } from './attribute.ts';
import type { BerReader } from './ber-reader.ts';

/** How a SignerInfo names its certificate (RFC 5652 §5.3). */
export type SignerIdentifier =
  | { kind: 'issuer-and-serial'; issuer: Name; serialNumber: Buffer }
  | { kind: 'subject-key-identifier'; keyIdentifier: Buffer };

export interface SignedAttributes {
  /** Contents octets of the set as they were sent, in whatever order and encoding. */
  content: Buffer;
  list: CmsAttribute[];
}

/** One signature of a SignedData; algorithm identifiers keep their bytes, since parameters matter later. */
export interface SignerInfo {
  /** Octets of the fields from version to signature as they stand: what archive time stamps cover (EN 319 122-1 §5.5.3). */
  signedFields: Buffer;
  sid: SignerIdentifier;
  digestAlgorithm: { oid: string; bytes: Buffer };
  signedAttributes?: SignedAttributes;
  signatureAlgorithm: { oid: string; bytes: Buffer };
  signature: Buffer;
  unsignedAttributes: CmsAttribute[];
}

/** Reads one SignerInfo at the reader's position; its version number says nothing that the fields do not. */
export function readSignerInfo(reader: BerReader): SignerInfo {
  reader.enter(TAG.sequence);
  const from = reader.rest;
  reader.read(TAG.integer);
  const sid = readIdentifier(reader);
  const digestAlgorithm = readAlgorithm(reader);
  const signed = reader.readOptional(context(0));
  const signatureAlgorithm = readAlgorithm(reader);
  const signature = reader.readOctets();
  const signedFields = from.subarray(0, from.length - reader.rest.length);
  const unsigned = reader.readOptional(context(1));
  reader.leave();
  return {
    signedFields,
    sid,
    digestAlgorithm,
    ...(signed && { signedAttributes: { content: signed.content, list: parseAttributes(signed.content) } }),
    signatureAlgorithm,
    signature,
    unsignedAttributes: unsigned ? parseAttributes(unsigned.content) : [],
  };
}

function readIdentifier(reader: BerReader): SignerIdentifier {
  if (reader.peek() !== TAG.sequence) {
    return { kind: 'subject-key-identifier', keyIdentifier: reader.readOctets(contextPrimitive(0)) };
  }
  reader.enter(TAG.sequence);
  const issuer = parseName(reader.read(TAG.sequence).bytes, 'ber');
  const serialNumber = reader.read(TAG.integer).content;
  reader.leave();
  return { kind: 'issuer-and-serial', issuer, serialNumber };
}

function readAlgorithm(reader: BerReader): { oid: string; bytes: Buffer } {
  const { bytes, content } = reader.read(TAG.sequence);
  return { oid: oidOf(new Cursor(content, 'ber').read(TAG.oid)), bytes };
}
