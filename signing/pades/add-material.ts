import { PdfDictionary } from '../../formats/pdf/pdf-value.ts';
import { readSecurityStore } from '../../formats/pdf/security-store.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/pki-error.ts';
import type { MaterialSource } from '../signature-level.ts';
import { addSecurityStore, entryName } from './add-security-store.ts';
import type { SignedDocument, SignedPart } from './signed-document.ts';

/**
 * Level B-LT: what it takes to validate the signatures and time stamps that have nothing yet; of the others no status is asked again,
 * for their certificates may have expired. The document as it is where there are none.
 */
export async function addMaterial(signed: SignedDocument, source: MaterialSource): Promise<Buffer> {
  const { file, signatures, timeStamps } = signed;
  const wanting = unproven(signed);
  if (wanting.length === 0) return file.bytes;
  const stored = readSecurityStore(file.newest()).certificates.flatMap(readable);
  const carried = [...signatures, ...timeStamps].flatMap(({ signedData, signers }) => [
    ...signedData.certificates,
    ...signers,
  ]);
  const signers = distinct(wanting.flatMap((part) => part.signers));
  const material = await source.materialFor(signers, distinct([...carried, ...stored]));
  const certificates = distinct([...signers, ...material.certificates.flatMap(readable)]);
  return addSecurityStore(file, wanting, {
    ...material,
    certificates: certificates.map(({ bytes }) => bytes),
  });
}

/** Without an entry of their own in the store. A store of others may have no entries: then what a later time stamp covers has its share. */
function unproven({ file, signatures, timeStamps }: SignedDocument): SignedPart[] {
  const view = file.newest();
  const entries = view.dictionary(view.dictionary(view.catalog.get('DSS'))?.get('VRI') ?? null);
  const hasStore = ({ range }: SignedPart) => {
    const { crls, ocspResponses } = readSecurityStore(file.asOf(range.revision));
    return crls.length + ocspResponses.length > 0;
  };
  const isCovered = (part: SignedPart) =>
    entries instanceof PdfDictionary
      ? entries.get(entryName(part.contents)) !== null
      : timeStamps.some(
          (later) => later.range.revision.number > part.range.revision.number && hasStore(later),
        );
  return [...signatures, ...timeStamps].filter((part) => !isCovered(part));
}

function distinct(certificates: readonly Certificate[]): Certificate[] {
  return [...new Map(certificates.map((one) => [one.bytes.toString('latin1'), one])).values()];
}

/** Of what is in a store, or was handed in, what can be read: the rest is not missed until it is looked for. */
function readable(bytes: Buffer): Certificate[] {
  try {
    return [parseCertificate(bytes)];
  } catch (error) {
    if (error instanceof PkiError) return [];
    throw error;
  }
}
