import type { Id } from '../../core/ids.ts';
import type { RegisterAnswerId } from '../registers/register-answer-store.ts';
import type { Applicant } from '../application.ts';

export type HolderId = Id<'holder'>;

/** A person whom a certificate was applied for, as the newest certificate names them. */
export interface Holder extends Applicant {
  /** Stands in events instead of the national id. */
  id: HolderId;
  /** When an officer first and last saw the person; absent before the first certificate. */
  firstInPersonAt?: Date;
  lastInPersonAt?: Date;
}

/** Where a holder is reached. */
export interface HolderContact {
  /** Eleven ASCII digits: `09…`; theirs, as Shahkar has said. */
  mobile?: string;
  email?: string;
}

/** What is written of a contact, with what it rests on. */
export type NewContact =
  { kind: 'mobile'; mobile: string; answerId: RegisterAnswerId } | { kind: 'email'; email: string };

/** Enough to recognise a number that one knows: `0912•••••67`. */
export function maskMobile(mobile: string): string {
  return `${mobile.slice(0, 4)}${'•'.repeat(mobile.length - 6)}${mobile.slice(-2)}`;
}

/** The same of an address: `a•••@example.org`. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return `${email.slice(0, 1)}•••${email.slice(at)}`;
}
