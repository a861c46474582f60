import { valuesOf } from '../../pki/cms/attribute.ts';
import type { CmsAttribute } from '../../pki/cms/attribute.ts';
import type { SignedData } from '../../pki/cms/signed-data.ts';
import type { SignerInfo } from '../../pki/cms/signer-info.ts';
import * as asn1 from '../../pki/der/encode.ts';
import type { Cursor } from '../../pki/der/decode.ts';
import { openWhole } from '../../pki/der/decode.ts';
import { TAG } from '../../pki/der/tag.ts';
import { octetsOf, oidOf } from '../../pki/der/values.ts';
import { digest, digestOfOid } from '../../pki/digest-algorithm.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { CMS } from '../../pki/oid.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { parseTimeStampToken } from '../../pki/tsp/time-stamp-token.ts';
import type { PresentedTimeStamp, ProtectedMaterial } from '../presented-signature.ts';
import { certificateValues, revocationValues } from './embedded-values.ts';

// archive-time-stamp-v3 (ETSI EN 319 122-1 §5.5.3): over the content, the fields of the signer, and an index of hashes of
// everything else, so that what is added later does not break it.

/** What an archive time stamp is over. */
export interface ArchivedSignature {
  signedData: SignedData;
  signer: SignerInfo;
  content: Uint8Array | undefined;
}

export function archiveTimeStamp(token: Buffer, archived: ArchivedSignature): PresentedTimeStamp {
  return {
    kind: 'archive',
    token,
    imprint: (digestName) => archiveImprint(token, digestName, archived),
    get protects() {
      return protectedMaterial(token, archived);
    },
  };
}

/** §5.5.3: content type, hash of the content, fields of the SignerInfo, the index; hashed together. */
function archiveImprint(token: Buffer, digestName: DigestName, archived: ArchivedSignature): Buffer {
  const { signedData, signer, content } = archived;
  if (!content) throw new PkiError('time-stamp-malformed', 'the content that was archived was not handed in');
  const index = readIndex(token);
  const stray = strayHashes(index, archived);
  if (stray > 0)
    throw new PkiError('time-stamp-malformed', `${stray} of the objects that were archived are missing`);
  return digest(
    digestName,
    asn1.oid(signedData.contentType),
    digest(digestName, content),
    signer.signedFields,
    index.bytes,
  );
}

interface HashIndex {
  bytes: Buffer;
  digestName: DigestName;
  certificates: ReadonlySet<string>;
  revocation: ReadonlySet<string>;
  attributes: ReadonlySet<string>;
}

/** Certificates, CRLs and attributes of a signature stay under this together. */
const HASHES_MAX = 1024;

/** ats-hash-index-v3 (§5.5.2), and its elder, whose digest has a default and whose hashes are over whole attributes. */
function readIndex(token: Buffer): HashIndex {
  const [{ unsignedAttributes }] = parseTimeStampToken(token).signedData.signerInfos;
  const [bytes, ...more] = [CMS.atsHashIndexV3, CMS.atsHashIndex].flatMap((type) =>
    valuesOf(unsignedAttributes, type),
  );
  if (!bytes || more.length > 0)
    throw new PkiError(
      'time-stamp-malformed',
      `an archive time stamp with ${more.length} hash indices, expected one`,
    );
  const fields = openWhole(bytes, TAG.sequence, 'ber');
  const lists = [...fields.elements()];
  const algorithm = lists.length === 4 ? fields.open(lists[0]).read(TAG.oid) : undefined;
  const [certificates, revocation, attributes] = lists.slice(-3).map((list) => hashesOf(fields.open(list)));
  if (!attributes || lists.length > 4)
    throw new PkiError('time-stamp-malformed', `a hash index of ${lists.length} parts`);
  const digestName = algorithm ? digestOfOid(oidOf(algorithm)) : 'sha256';
  return { bytes, digestName, certificates, revocation, attributes };
}

function hashesOf(list: Cursor): ReadonlySet<string> {
  const hashes = new Set<string>();
  while (!list.atEnd) {
    if (hashes.size === HASHES_MAX)
      throw new PkiError('time-stamp-malformed', `more than ${HASHES_MAX} hashes in an index`);
    hashes.add(octetsOf(list.next()).toString('latin1'));
  }
  return hashes;
}

/** §5.5.2: an index that names something that is not there is not valid. */
function strayHashes(index: HashIndex, { signedData, signer }: ArchivedSignature): number {
  const present = new Set<string>();
  const add = (...parts: Uint8Array[]) => present.add(hashText(index, ...parts));
  for (const bytes of certificateChoices(signedData)) add(bytes);
  for (const bytes of signedData.revocationChoices) add(bytes);
  for (const attribute of signer.unsignedAttributes) addAttribute(attribute, add);
  const named = [...index.certificates, ...index.revocation, ...index.attributes];
  return named.filter((hash) => !present.has(hash)).length;
}

function addAttribute(attribute: CmsAttribute, add: (...parts: Uint8Array[]) => void): void {
  const type = asn1.oid(attribute.type);
  for (const value of attribute.values) add(type, value);
  add(asn1.sequence(type, asn1.element(TAG.set, ...attribute.values)));
}

/** What the index names, as proven to be older than the token. */
function protectedMaterial(token: Buffer, { signedData, signer }: ArchivedSignature): ProtectedMaterial {
  const index = readIndex(token);
  const isNamed = (hashes: ReadonlySet<string>, ...parts: Uint8Array[]) =>
    hashes.has(hashText(index, ...parts));
  const attributes = signer.unsignedAttributes.flatMap((attribute) => {
    const type = asn1.oid(attribute.type);
    const whole = asn1.sequence(type, asn1.element(TAG.set, ...attribute.values));
    const isWhole = isNamed(index.attributes, whole);
    const values = attribute.values.filter((value) => isWhole || isNamed(index.attributes, type, value));
    return values.length > 0 ? [{ type: attribute.type, values }] : [];
  });
  const ofType = (type: string) => valuesOf(attributes, type);
  return {
    certificates: [
      ...certificateChoices(signedData).filter((bytes) => isNamed(index.certificates, bytes)),
      ...certificateValues(attributes).map(({ bytes }) => bytes),
    ],
    revocation: [
      ...signedData.revocation
        .filter((_, at) => isNamed(index.revocation, signedData.revocationChoices[at]))
        .map(({ bytes }) => bytes),
      ...revocationValues(attributes).map(({ bytes }) => bytes),
    ],
    timeStamps: [
      ...ofType(CMS.signatureTimeStamp),
      ...ofType(CMS.archiveTimeStampV3),
      ...ofType(CMS.archiveTimeStampV2),
    ],
  };
}

function certificateChoices({ certificates, unreadCertificates }: SignedData): Buffer[] {
  return [...certificates.map(({ bytes }) => bytes), ...unreadCertificates];
}

function hashText({ digestName }: HashIndex, ...parts: Uint8Array[]): string {
  return digest(digestName, ...parts).toString('latin1');
}
