import type { PdfValue } from '../../formats/pdf/pdf-value.ts';
import type { PdfView } from '../../formats/pdf/pdf-view.ts';
import type { DocumentPermissions } from './document-permissions.ts';
import type { RevisionChanges } from './revision-changes.ts';
import type { StrictComparison } from './strict-comparison.ts';

/** What every rule of the comparison works on. */
export interface RevisionComparison {
  before: PdfView;
  after: PdfView;
  permissions: DocumentPermissions;
  changes: RevisionChanges;
  strict: StrictComparison;
  /** Widgets of signature fields that were added as they may be. */
  newWidgets: Set<number>;
  /** Numbers of the pages, from 1, by those of their objects. */
  pageNumbers: ReadonlyMap<number, number>;
  /** Tells signatures and time stamps whose octets are in order; undefined for what is neither. */
  signatureKind(value: PdfValue): 'signature' | 'time-stamp' | undefined;
}
