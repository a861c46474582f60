import type { KeyObject } from 'node:crypto';

import * as asn1 from '../der/encode.ts';
import { Cursor } from '../der/decode.ts';
import { TAG } from '../der/tag.ts';
import { oidOf } from '../der/values.ts';
import { digest, digestOfOid } from '../digest-algorithm.ts';
import type { DigestName } from '../digest-algorithm.ts';
import { CMS } from '../oid.ts';
import { PkiError } from '../pki-error.ts';
import { parseSignatureAlgorithm, verifySignature } from '../signature-algorithm.ts';
import type { SignatureScheme } from '../signature-algorithm.ts';
import { algorithmsAreAsProtected } from './algorithm-protection.ts';
import { parseAttributes } from './attribute.ts';
import type { CmsAttribute } from './attribute.ts';
import { BerReader } from './ber-reader.ts';
import { derSetContents } from './der-normal-form.ts';
import type { SignedAttributes, SignerInfo } from './signer-info.ts';

/** What came of verifying one signature; `detail` says what is wrong with an encoding or which algorithm is unknown. */
export type SignerVerification =
  | { outcome: 'valid' | 'content-digest-differs' | 'signature-wrong' | 'algorithm-protection-differs' }
  | { outcome: 'attributes-stripped' }
  | { outcome: 'attributes-malformed' | 'algorithm-unsupported'; detail: string };

export interface SignedContent {
  /** eContentType of the SignedData; undefined: what is signed is another signature (RFC 5652 §11.4). */
  contentType: string | undefined;
  /** The octets that are signed: eContent, or the document of a detached signature. */
  content: Uint8Array;
}

/** Signed attributes are hashes, names and a time; re-encoding larger ones would be a hostile signer's pleasure. */
const REENCODED_OCTETS_MAX = 65_536;

/** Digest and signature scheme of a signer; throws PkiError `algorithm-unsupported` or `der-malformed`. */
export function signerAlgorithms(signer: SignerInfo): { digest: DigestName; scheme: SignatureScheme } {
  const digestName = digestOfOid(signer.digestAlgorithm.oid);
  const scheme = parseSignatureAlgorithm(signer.signatureAlgorithm.bytes, {
    rules: 'ber',
    digestAlgorithm: digestName,
  });
  return { digest: digestName, scheme };
}

/**
 * Verifies one signature with the signer's public key (RFC 5652 §5.4–5.6): content type and digest of the signed
 * attributes, algorithm protection, then the signature. Says nothing of the certificate. Never throws PkiError.
 */
export function verifySignerInfo(
  signer: SignerInfo,
  signed: SignedContent,
  publicKey: KeyObject,
): SignerVerification {
  try {
    const algorithms = signerAlgorithms(signer);
    return signer.signedAttributes
      ? verifyAttributes(signer, signer.signedAttributes, signed, algorithms, publicKey)
      : verifyBareContent(signer, signed, algorithms.scheme, publicKey);
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    const outcome = cause.code === 'algorithm-unsupported' ? cause.code : 'attributes-malformed';
    return { outcome, detail: cause.detail };
  }
}

function verifyAttributes(
  signer: SignerInfo,
  attributes: SignedAttributes,
  { contentType, content }: SignedContent,
  algorithms: { digest: DigestName; scheme: SignatureScheme },
  publicKey: KeyObject,
): SignerVerification {
  const statedType = statedContentType(attributes.list, contentType === undefined);
  if (statedType !== contentType) {
    const detail = `content type ${statedType ?? 'none'} stated, ${contentType ?? 'none'} found`;
    return { outcome: 'attributes-malformed', detail };
  }
  const messageDigest = new BerReader(onlyValue(attributes.list, CMS.messageDigest)).readOctets();
  if (!digest(algorithms.digest, content).equals(messageDigest)) return { outcome: 'content-digest-differs' };
  if (!algorithmsAreAsProtected(signer)) return { outcome: 'algorithm-protection-differs' };
  const verifies = (setContents: Buffer) =>
    verifySignature(algorithms.scheme, publicKey, asn1.element(TAG.set, setContents), signer.signature);
  // RFC 5652 §5.4: what is signed is the DER encoding with the tag of SET. Most signers send that; some send the
  // attributes unsorted or in BER and sign the normal form, others sign what they send.
  if (verifies(attributes.content)) return { outcome: 'valid' };
  if (attributes.content.length > REENCODED_OCTETS_MAX) return { outcome: 'signature-wrong' };
  const normal = derSetContents(attributes.content);
  return { outcome: !normal.equals(attributes.content) && verifies(normal) ? 'valid' : 'signature-wrong' };
}

function verifyBareContent(
  signer: SignerInfo,
  { contentType, content }: SignedContent,
  scheme: SignatureScheme,
  publicKey: KeyObject,
): SignerVerification {
  if (contentType !== undefined && contentType !== CMS.data) {
    return {
      outcome: 'attributes-malformed',
      detail: `content type ${contentType} needs signed attributes (RFC 5652 §5.3)`,
    };
  }
  // A signature over signed attributes is also a signature over a "document" that consists of them: whoever drops
  // the attributes and presents their encoding as the content has forged a signature.
  if (looksLikeSignedAttributes(content)) return { outcome: 'attributes-stripped' };
  return {
    outcome: verifySignature(scheme, publicKey, content, signer.signature) ? 'valid' : 'signature-wrong',
  };
}

/** A countersignature must not have the attribute, every other signature must (RFC 5652 §11.1, §11.4). */
function statedContentType(attributes: readonly CmsAttribute[], mayLack: boolean): string | undefined {
  if (mayLack && !attributes.some(({ type }) => type === CMS.contentType)) return undefined;
  return oidOf(new Cursor(onlyValue(attributes, CMS.contentType), 'ber').read(TAG.oid));
}

/** The one value of an attribute that must be there once with one value (RFC 5652 §11.1, §11.2). */
function onlyValue(attributes: readonly CmsAttribute[], type: string): Buffer {
  const found = attributes.filter((attribute) => attribute.type === type);
  if (found.length !== 1 || found[0].values.length !== 1) {
    throw new PkiError('cms-malformed', `attribute ${type} does not have exactly one value`);
  }
  return found[0].values[0];
}

function looksLikeSignedAttributes(content: Uint8Array): boolean {
  if (content[0] !== TAG.set) return false;
  try {
    const cursor = new Cursor(content, 'ber');
    const set = cursor.next();
    return cursor.atEnd && parseAttributes(set.content).some(({ type }) => type === CMS.messageDigest);
  } catch {
    return false;
  }
}
