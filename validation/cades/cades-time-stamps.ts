import { valuesOf } from '../../pki/cms/attribute.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { CMS } from '../../pki/oid.ts';
import { PkiError } from '../../pki/pki-error.ts';
import type { PresentedTimeStamp } from '../presented-signature.ts';
import { archiveTimeStamp } from './archive-time-stamp.ts';
import type { ArchivedSignature } from './archive-time-stamp.ts';
import { oldArchiveTimeStamp } from './old-archive-time-stamp.ts';

/** Time stamps in the attributes of a signer (ETSI EN 319 122-1 §5.2.8, §5.3, §5.5.3); a SET OF keeps no order. */
export function cadesTimeStamps(archived: ArchivedSignature): PresentedTimeStamp[] {
  const { signer, content } = archived;
  const { signedAttributes, unsignedAttributes } = signer;
  const contentStamps = signedAttributes ? valuesOf(signedAttributes.list, CMS.contentTimeStamp) : [];
  if (unsignedAttributes.length === 0 && contentStamps.length === 0) return NONE;
  const unsigned = (type: string) => valuesOf(unsignedAttributes, type);
  return [
    ...contentStamps.map((token) => stampOver('content', token, content)),
    ...unsigned(CMS.signatureTimeStamp).map((token) => stampOver('signature', token, signer.signature)),
    ...unsigned(CMS.archiveTimeStampV2).map((token) => oldArchiveTimeStamp(token, archived)),
    ...unsigned(CMS.archiveTimeStampV3).map((token) => archiveTimeStamp(token, archived)),
  ];
}

const NONE: PresentedTimeStamp[] = [];

function stampOver(
  kind: 'content' | 'signature',
  token: Buffer,
  stamped: Uint8Array | undefined,
): PresentedTimeStamp {
  const imprint = (digestName: DigestName) => {
    if (!stamped) throw new PkiError('time-stamp-malformed', 'what was stamped was not handed in');
    return digest(digestName, stamped);
  };
  return { kind, token, imprint };
}
