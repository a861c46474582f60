import { DomainError } from '../core/errors.ts';
import { jalaliToGregorian, parseJalaliDate } from '../core/jalali.ts';
import { unreadable } from './document-tree.ts';
import type { DocumentObject } from './document-tree.ts';
import { COUNCIL_SYSTEM_WITHOUT_GROUP, NATIONAL_ID_SYSTEM } from './prescription.ts';
import type { PrescriberIdentifier, Prescription, PrescriptionDate } from './prescription.ts';
import { textAt } from './tree-queries.ts';

const IDENTIFIERS: readonly (readonly [member: string, system: string])[] = [
  ['docId', COUNCIL_SYSTEM_WITHOUT_GROUP],
  ['docNationalCode', NATIONAL_ID_SYSTEM],
];

/** Undefined: it is not of the social-security service. Throws PrescriptionError `document-unreadable`. */
export function socialSecurityFacts(root: DocumentObject): Prescription | undefined {
  if (!root.members.has('noteDetailEprscs')) return undefined;
  const identifiers = IDENTIFIERS.flatMap(([member, system]): PrescriberIdentifier[] => {
    const value = textAt(root, member);
    return value === undefined ? [] : [{ system, value }];
  });
  const date = textAt(root, 'prescDate');
  return {
    form: 'social-security',
    prescribers: identifiers.length > 0 ? [{ identifiers }] : [],
    dates: date === undefined ? [] : [jalaliDate(date)],
  };
}

function jalaliDate(text: string): PrescriptionDate {
  try {
    return { kind: 'day', day: jalaliToGregorian(parseJalaliDate(text)) };
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    throw unreadable('prescDate is no Jalali day');
  }
}
