import { DocumentReading } from './document-reading.ts';
import { unreadable } from '../../prescriptions/document-tree.ts';
import type { DocumentObject } from '../../prescriptions/document-tree.ts';
import { maskedNumber } from './display-line.ts';
import type { DisplayLabel, DisplayLine, PatientView } from './display-line.ts';

/** Members of the social-security service's prescription, in the order of the page. */
const HEAD: readonly (readonly [DisplayLabel, string])[] = [
  ['prescriber-number', 'docId'],
  ['prescriber-national-id', 'docNationalCode'],
  ['patient-number', 'patient'],
  ['date', 'prescDate'],
  ['document', 'prescTypeId'],
];

const ITEM: readonly (readonly [DisplayLabel, ...string[]])[] = [
  ['drug', 'srvId', 'srvName'],
  ['drug-code', 'srvId', 'srvCode'],
  ['dose', 'dose'],
  ['timing', 'timesAday'],
  ['count', 'srvQty'],
];

/** Lines of a social-security prescription; throws PrescriptionError `document-unreadable` when it is none. */
export function socialSecurityLines(root: DocumentObject, patientView: PatientView): DisplayLine[] {
  const reading = new DocumentReading(root);
  const items = reading.objects(root, 'noteDetailEprscs');
  if (items.length === 0) throw unreadable('there is no noteDetailEprscs in it');
  const lines: DisplayLine[] = [];
  for (const [label, name] of HEAD) {
    const text = reading.take(root, name);
    if (text === undefined) continue;
    const isMasked = label === 'patient-number' && patientView === 'masked';
    lines.push({ label, text: isMasked ? maskedNumber(text) : text });
  }
  for (const item of items)
    for (const [label, ...path] of ITEM) {
      const text = reading.take(item, ...path);
      if (text !== undefined) lines.push({ label, text });
    }
  for (const { path, text } of reading.rest(() => false))
    lines.push({ label: 'other', text: `${path}: ${text}` });
  return lines;
}
