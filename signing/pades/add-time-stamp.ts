import { PdfFile } from '../../formats/pdf/pdf-file.ts';
import { PdfName, PdfString, dictionaryOf } from '../../formats/pdf/pdf-value.ts';
import { putTogether, takeApart } from '../../pki/cms/signed-data-parts.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { CMS } from '../../pki/oid.ts';
import type { TimeStamper } from '../signature-level.ts';
import { addSignatureField } from './add-signature-field.ts';
import { BYTE_RANGE_PLACEHOLDER, coveredParts, fillContents } from './reserved-contents.ts';
import type { SignedDocument, SignedPart } from './signed-document.ts';

export interface Stamping {
  timeStamper: TimeStamper;
  digest: DigestName;
}

/** Octets for a token with the certificates of its authority. */
const TOKEN_OCTETS = 24_576;

/**
 * Level B-T (ETSI EN 319 142-1 §6.3): a time stamp in the signature's own value where there is room for it and nothing has been
 * written after, which would be covering the place; else one over the whole document. Signatures that have one are left as they are.
 */
export async function addSignatureTimeStamps(signed: SignedDocument, stamping: Stamping): Promise<Buffer> {
  const { file, signatures, timeStamps } = signed;
  const isStamped = ({ tokens, range }: SignedPart) =>
    tokens.length > 0 || timeStamps.some((one) => one.range.revision.number > range.revision.number);
  const [first, ...others] = signatures.filter((one) => !isStamped(one));
  if (!first) return file.bytes;
  const isNewest = first.range.revision === file.revisions.at(-1);
  const stamped = isNewest && others.length === 0 ? await stampValue(file, first, stamping) : undefined;
  return stamped ?? addDocumentTimeStamp(file.bytes, stamping);
}

/** Undefined: the token does not fit into the place of the signature. */
async function stampValue(
  file: PdfFile,
  { contents, contentsPlace, signedData }: SignedPart,
  { timeStamper, digest: name }: Stamping,
): Promise<Buffer | undefined> {
  const { parts } = takeApart(contents);
  const token = await timeStamper.stamp(name, digest(name, signedData.signerInfos[0].signature));
  parts.signers[0].unsignedAttributes.push({ type: CMS.signatureTimeStamp, values: [token] });
  const stamped = putTogether(parts);
  if (stamped.length > contents.length) return undefined;
  return fillContents({ document: file.bytes, ...contentsPlace }, stamped);
}

/** Adds a revision with a time stamp over the whole document (ETSI EN 319 142-1 §5.4.3). */
export async function addDocumentTimeStamp(
  document: Buffer,
  { timeStamper, digest: name }: Stamping,
): Promise<Buffer> {
  const contents = addSignatureField(new PdfFile(document), {
    namePrefix: 'TimeStamp',
    signature: () =>
      dictionaryOf({
        Type: new PdfName('DocTimeStamp'),
        Filter: new PdfName('Adobe.PPKLite'),
        SubFilter: new PdfName('ETSI.RFC3161'),
        ByteRange: BYTE_RANGE_PLACEHOLDER,
        Contents: new PdfString(Buffer.alloc(TOKEN_OCTETS), true),
      }),
  });
  return fillContents(contents, await timeStamper.stamp(name, digest(name, ...coveredParts(contents))));
}
