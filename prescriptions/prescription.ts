import type { CivilDate } from '../core/jalali.ts';

/** What a prescription says of itself that a certificate can speak to. */
export interface Prescription {
  form: 'fhir' | 'social-security';
  /** Whoever asks for each of its medicines, or wrote it; each once. Empty: it names nobody. */
  prescribers: readonly Prescriber[];
  /** When it says to have been written; each once. */
  dates: readonly PrescriptionDate[];
}

export interface Prescriber {
  /** Empty when the prescription refers to somebody whom it does not hold. */
  identifiers: readonly PrescriberIdentifier[];
}

export interface PrescriberIdentifier {
  /** A URI that says what kind of number it is. */
  system: string;
  value: string;
}

/** A moment, or a day of the calendar where it was written. */
export type PrescriptionDate = { kind: 'instant'; at: Date } | { kind: 'day'; day: CivilDate };

/** Kinds of numbers as this project's own prescriptions name them; a deployment's policy may add its own. */
export const NATIONAL_ID_SYSTEM = 'urn:mohr:national-id';
/** Followed by the membership group. */
export const COUNCIL_SYSTEM_PREFIX = 'urn:mohr:council:';
/** `docId` of the social-security service, which does not say the group. */
export const COUNCIL_SYSTEM_WITHOUT_GROUP = 'urn:mohr:council';
