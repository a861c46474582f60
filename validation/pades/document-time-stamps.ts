import { readSecurityStore } from '../../formats/pdf/security-store.ts';
import type { SecurityStore } from '../../formats/pdf/security-store.ts';
import type { PdfFile } from '../../formats/pdf/pdf-file.ts';
import { Cursor } from '../../pki/der/decode.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { PkiError } from '../../pki/pki-error.ts';
import type { PresentedSignature, PresentedTimeStamp } from '../presented-signature.ts';
import type { Reason } from '../reason.ts';
import type { FoundSignature } from '../../formats/pdf/find-signatures.ts';
import type { SignedRange } from '../../formats/pdf/signed-range.ts';

/** A document time stamp (ETSI EN 319 142-1 §5.4.3) whose octets are in order. */
export interface DocumentTimeStamp {
  token: Buffer;
  range: SignedRange;
  /** The security store of the revision that it covers. */
  store: SecurityStore;
}

/**
 * Document time stamps in their order. One that is broken proves nothing, and takes nothing from the others: it is said, and passed over.
 */
export function documentTimeStamps(
  file: PdfFile,
  found: readonly FoundSignature[],
): { timeStamps: DocumentTimeStamp[]; reasons: Reason[] } {
  const timeStamps: DocumentTimeStamp[] = [];
  const reasons: Reason[] = [];
  for (const { field, dictionary, coverage } of found) {
    const token = wholeElement(dictionary.contents?.bytes);
    if (coverage.range && token) {
      const store = readSecurityStore(file.asOf(coverage.range.revision));
      timeStamps.push({ token, range: coverage.range, store });
    } else {
      const text = `document time stamp ${field}: ${coverage.fault ?? 'it holds no token'}`;
      reasons.push({ code: 'input-passed-over', text });
    }
  }
  return { timeStamps, reasons };
}

/** Those of the document's time stamps that cover a signature, as its own. */
export function presentDocumentTimeStamps(
  all: readonly DocumentTimeStamp[],
  { range }: { range: SignedRange },
  signature: Pick<PresentedSignature, 'timeStamps' | 'certificates' | 'revocation'>,
): PresentedTimeStamp[] {
  const covering = all.filter((one) => one.range.revision.number > range.revision.number);
  return covering.map((one, index) => ({
    kind: 'document',
    token: one.token,
    imprint: (name) => digest(name, ...one.range.parts),
    protects: {
      certificates: [...signature.certificates.map(({ bytes }) => bytes), ...one.store.certificates],
      revocation: [
        ...signature.revocation.map(({ bytes }) => bytes),
        ...one.store.crls,
        ...one.store.ocspResponses,
      ],
      timeStamps: [...signature.timeStamps, ...covering.slice(0, index)].map(({ token }) => token),
    },
  }));
}

/** Without the zeros that fill its place in the file. */
function wholeElement(contents: Buffer | undefined): Buffer | undefined {
  try {
    return contents && new Cursor(contents, 'ber').next().bytes;
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}
