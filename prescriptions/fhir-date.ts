import { unreadable } from './document-tree.ts';
import type { PrescriptionDate } from './prescription.ts';

/** date, dateTime and instant (HL7 FHIR R4 §2.24.0.1); a month or a year alone says too little for a prescription. */
const DATE =
  /^(\d{4})-(\d{2})-(\d{2})(T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-](0\d|1[0-4]):[0-5]\d))?$/;

/** Throws PrescriptionError `document-unreadable`. */
export function fhirDate(text: string): PrescriptionDate {
  const found = DATE.exec(text);
  if (!found) throw unreadable('a date in it is no day and no moment of FHIR');
  const [year, month, day] = found.slice(1, 4).map(Number);
  const civil = new Date(Date.UTC(year, month - 1, day));
  // 30 February would be carried over into March.
  if (civil.getUTCMonth() !== month - 1 || civil.getUTCDate() !== day)
    throw unreadable('a date in it does not exist');
  if (found[4] === undefined) return { kind: 'day', day: { year, month, day } };
  return { kind: 'instant', at: new Date(text) };
}
