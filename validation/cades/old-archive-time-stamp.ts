import { valuesOf } from '../../pki/cms/attribute.ts';
import type { CmsAttribute } from '../../pki/cms/attribute.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { TAG, context } from '../../pki/der/tag.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { CMS } from '../../pki/oid.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { parseTimeStampToken } from '../../pki/tsp/time-stamp-token.ts';
import type { PresentedTimeStamp, ProtectedMaterial } from '../presented-signature.ts';
import type { ArchivedSignature } from './archive-time-stamp.ts';
import { certificateValues, revocationValues } from './embedded-values.ts';

/**
 * archive-time-stamp of version 2 (RFC 5126 §6.4.1, ETSI TS 101 733 §6.4.1): over everything that was in the signature, in the octets and the
 * order of then. What came later breaks it, but for archive time stamps that are not older than it: those were not there.
 */
export function oldArchiveTimeStamp(token: Buffer, archived: ArchivedSignature): PresentedTimeStamp {
  let known: ProtectedMaterial | undefined;
  return {
    kind: 'archive',
    token,
    imprint: (digestName) => imprintOf(token, digestName, archived),
    get protects() {
      return (known ??= protectedMaterial(token, archived));
    },
  };
}

/**
 * A SET OF has no order: who adds the time stamp may leave the attributes as they were or sort them as DER wants. So either may
 * have been stamped, and the one that agrees is the one.
 */
function imprintOf(token: Buffer, digestName: DigestName, archived: ArchivedSignature): Buffer {
  const { signedData, signer, content } = archived;
  if (!content) throw new PkiError('time-stamp-malformed', 'the content that was archived was not handed in');
  const attributes = olderAttributes(token, archived).map(encodeInOrder);
  const imprintWith = (unsigned: readonly Buffer[]) =>
    digest(
      digestName,
      signedData.encapContentInfo,
      ...(signedData.content ? [] : [content]),
      signedData.certificatesAndCrls,
      signer.signedFields,
      ...(unsigned.length > 0 ? [asn1.element(context(1), ...unsigned)] : []),
    );
  const asTheyStand = imprintWith(attributes);
  const { hash } = parseTimeStampToken(token).info;
  return asTheyStand.equals(hash) ? asTheyStand : imprintWith(attributes.toSorted(Buffer.compare));
}

function encodeInOrder({ type, values }: CmsAttribute): Buffer {
  return asn1.sequence(asn1.oid(type), asn1.element(TAG.set, ...values));
}

const ARCHIVE_TYPES: readonly string[] = [CMS.archiveTimeStampV2, CMS.archiveTimeStampV3];

/** The unsigned attributes without this time stamp and the archive time stamps that came after it. */
function olderAttributes(token: Buffer, { signer }: ArchivedSignature): CmsAttribute[] {
  const made = timeOf(token);
  return signer.unsignedAttributes.flatMap(({ type, values }) => {
    if (!ARCHIVE_TYPES.includes(type)) return [{ type, values }];
    const older = values.filter((value) => timeOf(value) < made);
    return older.length > 0 ? [{ type, values: older }] : [];
  });
}

/** A token that cannot be read was not made before anything. */
function timeOf(token: Buffer): number {
  try {
    return parseTimeStampToken(token).info.genTime.getTime();
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return Infinity;
  }
}

function protectedMaterial(token: Buffer, archived: ArchivedSignature): ProtectedMaterial {
  const { signedData } = archived;
  const attributes = olderAttributes(token, archived);
  return {
    certificates: [...signedData.certificates, ...certificateValues(attributes)].map(({ bytes }) => bytes),
    revocation: [...signedData.revocation, ...revocationValues(attributes)].map(({ bytes }) => bytes),
    timeStamps: [CMS.signatureTimeStamp, ...ARCHIVE_TYPES].flatMap((type) => valuesOf(attributes, type)),
  };
}
