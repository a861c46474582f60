import { PdfReference, isName } from '../../formats/pdf/pdf-value.ts';
import type { PdfValue } from '../../formats/pdf/pdf-value.ts';
import type { PdfView } from '../../formats/pdf/pdf-view.ts';
import { refersToSame } from '../../formats/pdf/signature-dictionary.ts';
import type { RevisionComparison } from './revision-comparison.ts';

/** Compares what lies on a page: nothing goes or is moved, and what comes is a permitted field, or an annotation where they are permitted. */
export function compareAnnotations(
  comparison: RevisionComparison,
  was: PdfValue,
  is: PdfValue,
  pageNumber: number,
): void {
  const expected = [...comparison.before.array(was)];
  const place = `an annotation on page ${pageNumber}`;
  for (const annotation of comparison.after.array(is)) {
    dropDeleted(comparison, expected, annotation, pageNumber);
    const next = expected.at(0);
    if (next !== undefined && isSameOne(next, annotation)) {
      expected.shift();
      compareAnnotation(comparison, next, annotation, pageNumber);
    } else checkNewAnnotation(comparison, annotation, pageNumber);
  }
  for (const left of expected) {
    if (isDeletable(comparison, left)) comparison.changes.permitAt('annotation on page', String(pageNumber));
    else comparison.changes.forbid(`${place} was removed or moved`);
  }
}

/** Where annotations are permitted, those that are not there any more are passed over, up to the one at hand. */
function dropDeleted(
  comparison: RevisionComparison,
  expected: PdfValue[],
  annotation: PdfValue,
  pageNumber: number,
): void {
  const position = expected.findIndex((value) => isSameOne(value, annotation));
  if (position <= 0 || !expected.slice(0, position).every((value) => isDeletable(comparison, value))) return;
  expected.splice(0, position);
  comparison.changes.permitAt('annotation on page', String(pageNumber));
}

function compareAnnotation(
  comparison: RevisionComparison,
  was: PdfValue,
  is: PdfValue,
  pageNumber: number,
): void {
  const place = `an annotation on page ${pageNumber}`;
  if (!isDeletable(comparison, was) || isWidget(comparison.after, is)) {
    comparison.strict.expectSame(was, is, place);
  } else if (comparison.before.resolve(was) !== comparison.after.resolve(is)) {
    comparison.changes.permitAt('annotation on page', String(pageNumber));
  }
}

function checkNewAnnotation(comparison: RevisionComparison, annotation: PdfValue, pageNumber: number): void {
  if (annotation instanceof PdfReference && comparison.newWidgets.has(annotation.number)) return;
  if (comparison.permissions.mayAnnotate && !isWidget(comparison.after, annotation))
    comparison.changes.permitAt('annotation on page', String(pageNumber));
  else comparison.changes.forbid(`an annotation was added to page ${pageNumber}`);
}

function isDeletable({ permissions, before }: RevisionComparison, annotation: PdfValue): boolean {
  return permissions.mayAnnotate && !isWidget(before, annotation);
}

function isSameOne(a: PdfValue, b: PdfValue): boolean {
  return refersToSame(a, b) || (!(a instanceof PdfReference) && !(b instanceof PdfReference));
}

function isWidget(view: PdfView, annotation: PdfValue): boolean {
  return isName(view.resolve(view.dictionary(annotation)?.get('Subtype') ?? null), 'Widget');
}
