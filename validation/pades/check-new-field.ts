import { PdfDictionary, PdfReference, isName } from '../../formats/pdf/pdf-value.ts';
import type { PdfValue } from '../../formats/pdf/pdf-value.ts';
import { textOf } from '../../formats/pdf/text-string.ts';
import type { RevisionComparison } from './revision-comparison.ts';

/** Entries of a signature field that is its own widget; among others it has no actions, and no children. */
const ENTRIES = new Set(
  ['Type', 'Subtype', 'FT', 'T', 'TU', 'TM', 'V', 'Ff', 'F', 'Rect', 'P', 'AP', 'AS', 'DA', 'DR'].concat([
    'MK',
    'BS',
    'Border',
    'Lock',
    'SV',
    'M',
    'NM',
    'H',
    'Q',
    'C',
  ]),
);

/** Annotation flags (ISO 32000-1 Table 165): hidden, no view. */
const UNSEEN_FLAGS = 2 | 32;

/** A field that came later must be for a signature, and either hold one or be nowhere to be seen. */
export function checkNewField(comparison: RevisionComparison, field: PdfValue): void {
  const { after, before, changes, permissions } = comparison;
  const dictionary = after.resolve(field);
  if (!(field instanceof PdfReference) || !(dictionary instanceof PdfDictionary)) {
    changes.forbid('something that is no field was added to the form');
    return;
  }
  const name = textOf(after.resolve(dictionary.get('T'))) ?? 'without a name';
  const strange = [...dictionary.entries.keys()].find((key) => !ENTRIES.has(key));
  if (!isName(after.resolve(dictionary.get('FT')), 'Sig') || before.object(field.number)) {
    changes.forbid(`field ${name} was added, which is not for a signature`);
  } else if (strange !== undefined || dictionary.repeatsKeys) {
    changes.forbid(`field ${name} was added with ${strange ?? 'a key that stands twice'}`);
  } else {
    const kind = comparison.signatureKind(dictionary.get('V'));
    if (kind === 'time-stamp' || (kind && permissions.maySign)) changes.permit(kind);
    else if (kind || dictionary.get('V') !== null || isSeen(comparison, dictionary) || !permissions.maySign) {
      changes.forbid(`field ${name} was added without a signature that may be added`);
      return;
    } else changes.permit('empty-field');
    comparison.newWidgets.add(field.number);
    if (isSeen(comparison, dictionary))
      changes.permitAt('visible signature on page', pageOf(comparison, dictionary));
  }
}

function isSeen({ after }: RevisionComparison, widget: PdfDictionary): boolean {
  const flags = after.resolve(widget.get('F'));
  if (typeof flags === 'number' && (flags & UNSEEN_FLAGS) !== 0) return false;
  const [left, bottom, right, top] = after.array(widget.get('Rect')).map((side) => after.resolve(side));
  return left !== right && bottom !== top;
}

function pageOf({ pageNumbers }: RevisionComparison, widget: PdfDictionary): string {
  const page = widget.get('P');
  return String((page instanceof PdfReference && pageNumbers.get(page.number)) || 'unknown');
}
