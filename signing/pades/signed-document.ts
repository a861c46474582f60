import { contentsKindOf } from '../../formats/pdf/contents-kind.ts';
import { findSignatures } from '../../formats/pdf/find-signatures.ts';
import type { FoundSignature } from '../../formats/pdf/find-signatures.ts';
import { PdfFile } from '../../formats/pdf/pdf-file.ts';
import { readSecurityStore } from '../../formats/pdf/security-store.ts';
import type { SignedRange } from '../../formats/pdf/signed-range.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { valuesOf } from '../../pki/cms/attribute.ts';
import { parseSignedData } from '../../pki/cms/signed-data.ts';
import type { SignedData } from '../../pki/cms/signed-data.ts';
import { CMS } from '../../pki/oid.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { SigningError } from '../signing-error.ts';
import { signerCertificateOf } from './signer-certificate.ts';

/** A signature or document time stamp that can be augmented. */
export interface SignedPart {
  /** Value of Contents, with the zeros that fill its place. */
  contents: Buffer;
  contentsPlace: { start: number; end: number };
  range: SignedRange;
  signedData: SignedData;
  isTimeStamp: boolean;
  /** Time-stamp tokens over its value, within it. */
  tokens: readonly SignedData[];
}

export interface SignedDocument {
  file: PdfFile;
  signatures: readonly SignedPart[];
  timeStamps: readonly SignedPart[];
}

/**
 * Reads what is to be augmented. Throws FormatError, PkiError `cms-malformed`, and SigningError `document-not-signed` where there is no
 * signature, or one that is broken: no time stamp makes it better.
 */
export function readSignedDocument(document: Uint8Array): SignedDocument {
  const file = new PdfFile(document);
  const parts = findSignatures(file).map(partOf);
  const signatures = parts.filter(({ isTimeStamp }) => !isTimeStamp);
  if (signatures.length === 0) throw new SigningError('document-not-signed', 'nobody has signed the PDF');
  return { file, signatures, timeStamps: parts.filter(({ isTimeStamp }) => isTimeStamp) };
}

function partOf({ field, dictionary, coverage }: FoundSignature): SignedPart {
  const { contents, subFilter } = dictionary;
  const kind = contentsKindOf(subFilter);
  if (!coverage.range || !kind || contents?.start === undefined || contents.end === undefined)
    throw new SigningError('document-not-signed', `${field}: ${coverage.fault ?? 'its kind is unknown'}`);
  const signedData = parseSignedData(contents.bytes);
  const unsigned = signedData.signerInfos.at(0)?.unsignedAttributes ?? [];
  return {
    contents: contents.bytes,
    contentsPlace: { start: contents.start, end: contents.end },
    range: coverage.range,
    signedData,
    isTimeStamp: kind === 'time-stamp',
    tokens: valuesOf(unsigned, CMS.signatureTimeStamp).map(parseSignedData),
  };
}

/** Signers of all signatures and time stamps, and every certificate that came along. */
export function certificatesOf({ file, signatures, timeStamps }: SignedDocument): {
  signers: Certificate[];
  embedded: Certificate[];
} {
  const parts = [...signatures, ...timeStamps];
  const stored = readSecurityStore(file.newest()).certificates;
  const all = parts.flatMap(({ signedData, tokens }) => [signedData, ...tokens]);
  return {
    signers: all.flatMap((one) => signerCertificateOf(one) ?? []),
    embedded: [...all.flatMap(({ certificates }) => certificates), ...stored.flatMap(readable)],
  };
}

/** Of the document's store, what can be read: the rest is not missed until it is looked for. */
function readable(bytes: Buffer): Certificate[] {
  try {
    return [parseCertificate(bytes)];
  } catch (error) {
    if (error instanceof PkiError) return [];
    throw error;
  }
}
