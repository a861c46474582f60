import { putTogether, takeApart } from '../../pki/cms/signed-data-parts.ts';
import type { SignedDataParts, SignerParts } from '../../pki/cms/signed-data-parts.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { digest, digestIdentifier } from '../../pki/digest-algorithm.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { CMS } from '../../pki/oid.ts';
import type { TimeStamper } from '../signature-level.ts';

export interface ArchivedSignature {
  parts: SignedDataParts;
  signer: SignerParts;
  contentType: string;
  content: Uint8Array;
}

/**
 * An archive-time-stamp-v3 over a signature as it stands (ETSI EN 319 122-1 §5.5.3): the token, with the index of what it covers
 * among its own unsigned attributes (§5.5.2).
 */
export async function makeArchiveTimeStamp(
  { parts, signer, contentType, content }: ArchivedSignature,
  digestName: DigestName,
  timeStamper: TimeStamper,
): Promise<Buffer> {
  const index = hashIndex(parts, signer, digestName);
  const imprint = digest(
    digestName,
    asn1.oid(contentType),
    digest(digestName, content),
    signer.signedFields,
    index,
  );
  const { parts: token } = takeApart(await timeStamper.stamp(digestName, imprint));
  token.signers[0].unsignedAttributes.push({ type: CMS.atsHashIndexV3, values: [index] });
  return putTogether(token);
}

/** ATSHashIndexV3: each certificate, each CRL or OCSP response, each value of an unsigned attribute with its type. */
function hashIndex(parts: SignedDataParts, signer: SignerParts, digestName: DigestName): Buffer {
  const hashes = (members: readonly (readonly Uint8Array[])[]) =>
    asn1.sequence(...members.map((octets) => asn1.octetString(digest(digestName, ...octets))));
  const values = signer.unsignedAttributes.flatMap(({ type, values: ofType }) =>
    ofType.map((value) => [asn1.oid(type), value]),
  );
  return asn1.sequence(
    digestIdentifier(digestName),
    hashes(parts.certificates.map((bytes) => [bytes])),
    hashes(parts.revocationChoices.map((bytes) => [bytes])),
    hashes(values),
  );
}
