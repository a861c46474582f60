import type { PdfFile } from '../../formats/pdf/pdf-file.ts';
import { PdfDictionary } from '../../formats/pdf/pdf-value.ts';
import type { PdfValue } from '../../formats/pdf/pdf-value.ts';
import type { PdfView } from '../../formats/pdf/pdf-view.ts';
import { isBlank } from '../../formats/pdf/revisions.ts';
import { readSignatureDictionary } from '../../formats/pdf/signature-dictionary.ts';
import type { Reason } from '../reason.ts';
import { compareRevisions } from './compare-revisions.ts';
import type { ComparisonBudget } from './comparison-budget.ts';
import { permissionsOf } from './document-permissions.ts';
import type { FoundSignature } from '../../formats/pdf/find-signatures.ts';
import { checkByteRange } from '../../formats/pdf/signed-range.ts';
import type { SignedRange } from '../../formats/pdf/signed-range.ts';
import { contentsKindOf } from '../../formats/pdf/contents-kind.ts';

/**
 * What came after a signature. What is shown is no longer what was signed where anything but a permitted change was made: ISO 32000-2
 * §12.8.2.2.2 calls the signature invalid then, and format checking (ETSI EN 319 102-1 §5.2.2) is where that is found.
 */
export function reasonsOfLaterRevisions(
  file: PdfFile,
  { revision, end }: SignedRange,
  found: readonly FoundSignature[],
  budget: ComparisonBudget,
): Reason[] {
  const count = file.revisions.length;
  const covered = `it covers revision ${revision.number} of ${count}`;
  const structural = structuralFault(file, { revision, end });
  if (structural) return [{ code: 'pdf-changed-after-signing', text: `${covered}; ${structural}` }];
  if (revision.number === count) return [];
  const [before, after] = [file.asOf(revision), file.newest()];
  const permissions = permissionsOf(
    found.filter((one) => one.revisionNumber <= revision.number).map(({ dictionary }) => dictionary),
  );
  const signatureKind = (value: PdfValue) => signatureKindOf(file, after, value);
  const changes = compareRevisions({ before, after, permissions, signatureKind }, budget);
  if (changes.forbidden.length > 0) {
    const text = `${covered}; later ones changed what nobody permitted: ${changes.forbidden.join('; ')}`;
    return [{ code: 'pdf-changed-after-signing', text }];
  }
  if (changes.questioned.length > 0) {
    const text = `${covered}; nobody said whether later ones may bring: ${changes.questioned.join(', ')}`;
    return [{ code: 'pdf-filled-in-after-signing', text }];
  }
  const brought = changes.permitted.length > 0 ? changes.permitted.join(', ') : 'nothing that is shown';
  return [{ code: 'pdf-later-revisions', text: `${covered}; later ones brought: ${brought}` }];
}

/** What lies outside of revisions, or in several of them, no comparison would see. */
function structuralFault(
  file: PdfFile,
  { revision, end }: Pick<SignedRange, 'revision' | 'end'>,
): string | undefined {
  const newest = file.revisions.at(-1);
  if (!newest || newest.section !== file.sections[0]) return 'the document has no end of its own';
  if (!isBlank(file.bytes, newest.markerEnd, file.bytes.length)) return 'octets follow its last revision';
  const position = file.sections.indexOf(revision.section);
  if (file.sections.slice(position).some((section) => section.end > end))
    return 'the signed revision continues one that was written later';
  if (file.sections.slice(0, position).some((section) => section.offset < end))
    return 'a later revision has its cross-references among the signed octets';
  return undefined;
}

/** A signature that came later may be one only if nothing but itself is left out of what it covers. */
function signatureKindOf(
  file: PdfFile,
  view: PdfView,
  value: PdfValue,
): 'signature' | 'time-stamp' | undefined {
  const resolved = view.resolve(value);
  const dictionary = resolved instanceof PdfDictionary && readSignatureDictionary(view, resolved);
  if (!dictionary || !checkByteRange(file, dictionary).range) return undefined;
  const kind = contentsKindOf(dictionary.subFilter);
  return kind === 'cms-detached' || kind === 'cms-sha1' ? 'signature' : kind;
}
