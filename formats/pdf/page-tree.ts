import { FormatError } from '../format-error.ts';
import { PdfReference, dictionaryIn, isName } from './pdf-value.ts';
import type { PdfValue } from './pdf-value.ts';
import type { PdfView } from './pdf-view.ts';

const PAGES_MAX = 100_000;
const DEPTH_MAX = 64;

/** Pages in their order (ISO 32000-1 §7.7.3); throws FormatError `pdf-malformed`. */
export function pagesOf(view: PdfView): PdfReference[] {
  const pages: PdfReference[] = [];
  const visited = new Set<number>();
  const visit = (value: PdfValue, depth: number): void => {
    if (!(value instanceof PdfReference) || visited.has(value.number)) return;
    if (depth > DEPTH_MAX || visited.size > PAGES_MAX)
      throw new FormatError('pdf-malformed', `more than ${PAGES_MAX} pages, or nested without end`);
    visited.add(value.number);
    const node = dictionaryIn(view.resolve(value));
    if (!node) return;
    if (isName(view.resolve(node.get('Type')), 'Page') || node.get('Kids') === null) pages.push(value);
    else for (const kid of view.array(node.get('Kids'))) visit(kid, depth + 1);
  };
  visit(view.catalog.get('Pages'), 0);
  return pages;
}
