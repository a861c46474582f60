import { contentsKindOf } from '../../formats/pdf/contents-kind.ts';
import { findSignatures } from '../../formats/pdf/find-signatures.ts';
import type { FoundSignature } from '../../formats/pdf/find-signatures.ts';
import { PdfFile } from '../../formats/pdf/pdf-file.ts';
import type { SignedRange } from '../../formats/pdf/signed-range.ts';
import { publicKeyOf } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { valuesOf } from '../../pki/cms/attribute.ts';
import { isNamedBy } from '../../pki/cms/is-named-by.ts';
import { parseSignedData } from '../../pki/cms/signed-data.ts';
import type { SignedData } from '../../pki/cms/signed-data.ts';
import { certificateReferencesOf, refersTo } from '../../pki/cms/signing-certificate-reference.ts';
import { verifySignerInfo } from '../../pki/cms/verify-signer-info.ts';
import { CMS } from '../../pki/oid.ts';
import { SigningError } from '../signing-error.ts';
import { stamperOf } from '../stamper-of-token.ts';

/** A signature or document time stamp that can be augmented. */
export interface SignedPart {
  /** Value of Contents, with the zeros that fill its place. */
  contents: Buffer;
  contentsPlace: { start: number; end: number };
  range: SignedRange;
  signedData: SignedData;
  /** Time-stamp tokens over its value, within it. */
  tokens: readonly Buffer[];
  /** Its signer's certificate, and those of its time stamps. */
  signers: readonly Certificate[];
}

export interface SignedDocument {
  file: PdfFile;
  signatures: readonly SignedPart[];
  timeStamps: readonly SignedPart[];
}

/**
 * Reads what is to be augmented. Throws FormatError, PkiError `cms-malformed`, and SigningError `augmentation-not-possible` where
 * there is no signature, or one that does not verify: a time stamp would only make it look like one.
 */
export function readSignedDocument(document: Uint8Array): SignedDocument {
  const file = new PdfFile(document);
  const [signatures, timeStamps]: [SignedPart[], SignedPart[]] = [[], []];
  for (const found of findSignatures(file)) {
    const isTimeStamp = contentsKindOf(found.dictionary.subFilter) === 'time-stamp';
    (isTimeStamp ? timeStamps : signatures).push(partOf(found));
  }
  if (signatures.length === 0) throw notPossible('nobody has signed the PDF');
  return { file, signatures, timeStamps };
}

function partOf({ field, dictionary, coverage }: FoundSignature): SignedPart {
  const { contents, subFilter } = dictionary;
  const kind = contentsKindOf(subFilter);
  const { range, fault } = coverage;
  if (!range || !kind || contents?.start === undefined || contents.end === undefined)
    throw notPossible(`${field}: ${fault ?? `SubFilter ${subFilter ?? 'is missing'}`}`);
  const signedData = parseSignedData(contents.bytes);
  const tokens = valuesOf(signedData.signerInfos.at(0)?.unsignedAttributes ?? [], CMS.signatureTimeStamp);
  const signer =
    kind === 'time-stamp'
      ? stamperOf(contents.bytes).certificate
      : signerOf(field, signedData, kind === 'cms-detached' ? range : undefined);
  return {
    contents: contents.bytes,
    contentsPlace: { start: contents.start, end: contents.end },
    range,
    signedData,
    tokens,
    signers: [signer, ...tokens.map((token) => stamperOf(token, signedData.certificates).certificate)],
  };
}

/** The certificate of the signer, whose signature over the range, or what is enveloped, it verifies. */
function signerOf(field: string, signedData: SignedData, range: SignedRange | undefined): Certificate {
  const { contentType, certificates, signerInfos } = signedData;
  const [signer, ...others] = signerInfos;
  if (!signer || others.length > 0)
    throw notPossible(`${field}: ${signerInfos.length} signers, expected one`);
  const references = certificateReferencesOf(signer.signedAttributes?.list ?? []);
  const certificate = certificates.find(
    (one) => isNamedBy(signer.sid, one) && references.every((reference) => refersTo(reference, one)),
  );
  if (!certificate) throw notPossible(`${field}: the certificate of its signer did not come along`);
  const content = range ? Buffer.concat(range.parts) : (signedData.content ?? Buffer.alloc(0));
  const { outcome } = verifySignerInfo(signer, { contentType, content }, publicKeyOf(certificate));
  if (outcome !== 'valid') throw notPossible(`${field} does not verify (${outcome})`);
  return certificate;
}

function notPossible(detail: string): SigningError {
  return new SigningError('augmentation-not-possible', `the PDF cannot be augmented: ${detail}`);
}
