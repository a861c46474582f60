import { FormatError } from '../../formats/format-error.ts';
import { pagesOf } from '../../formats/pdf/page-tree.ts';
import { PdfDictionary, PdfReference } from '../../formats/pdf/pdf-value.ts';
import { refersToSame } from '../../formats/pdf/signature-dictionary.ts';
import type { ComparisonBudget } from './comparison-budget.ts';
import { compareAnnotations } from './compare-annotations.ts';
import { compareForm } from './compare-form.ts';
import type { RevisionComparison } from './revision-comparison.ts';
import { RevisionChanges } from './revision-changes.ts';
import { StrictComparison } from './strict-comparison.ts';

/** Entries of the catalog with rules of their own; what is not named here must stay as it was signed. */
const CATALOG_RULES = new Set(['AcroForm', 'DSS', 'Metadata', 'Extensions', 'Version']);

/**
 * Compares what was signed with what is shown now: everything that can be reached must be the same but what ISO 32000-2
 * §12.8.2.2 lets through (signatures, evidence, filling in, annotations, as far as permitted). Never throws FormatError: what
 * cannot be compared counts as changed.
 */
export function compareRevisions(
  views: Pick<RevisionComparison, 'before' | 'after' | 'permissions' | 'signatureKind'>,
  budget: ComparisonBudget,
): RevisionChanges {
  const { before, after } = views;
  const changes = new RevisionChanges();
  const strict = new StrictComparison(before, after, changes, budget);
  try {
    const pages = pagesOf(before);
    const pageNumbers = new Map(pages.map(({ number }, index) => [number, index + 1]));
    compareDocuments({ ...views, changes, strict, newWidgets: new Set(), pageNumbers }, pages);
    strict.run();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    changes.forbid(`it cannot be compared: ${error.detail}`);
  }
  return changes;
}

function compareDocuments(comparison: RevisionComparison, pages: readonly PdfReference[]): void {
  const { before, after, changes, strict } = comparison;
  const root = before.trailer.get('Root');
  if (!(root instanceof PdfReference) || !refersToSame(root, after.trailer.get('Root'))) {
    changes.forbid('another catalog is in its place');
    return;
  }
  strict.exempt(root.number);
  strict.expectSameBut(CATALOG_RULES, before.catalog, after.catalog, 'catalog');
  noteChange(comparison, 'DSS', 'evidence');
  noteChange(comparison, 'Metadata', 'metadata');
  compareForm(comparison);
  pages.forEach((page, index) => comparePage(comparison, page, index + 1));
}

const ANNOTATIONS = new Set(['Annots']);

function comparePage(comparison: RevisionComparison, page: PdfReference, pageNumber: number): void {
  const [before, after] = [comparison.before.resolve(page), comparison.after.resolve(page)];
  if (!(before instanceof PdfDictionary) || !(after instanceof PdfDictionary)) {
    comparison.changes.forbid(`page ${pageNumber} was removed`);
    return;
  }
  comparison.strict.exempt(page.number);
  comparison.strict.expectSameBut(ANNOTATIONS, before, after, `page ${pageNumber}`);
  compareAnnotations(comparison, before.get('Annots'), after.get('Annots'), pageNumber);
}

function noteChange(
  { before, after, changes }: RevisionComparison,
  key: string,
  change: 'evidence' | 'metadata',
): void {
  const [was, is] = [before.catalog.get(key), after.catalog.get(key)];
  if (before.resolve(was) !== after.resolve(is)) changes.permit(change);
}
