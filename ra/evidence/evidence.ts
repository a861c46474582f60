import type { Id } from '../../core/ids.ts';
import type { ApplicationId } from '../application.ts';
import type { OfficerId, Role } from '../officer.ts';

export type EvidenceId = Id<'evidence'>;

/** Papers that an office archives with an application (DOMAIN §4). */
export const EVIDENCE_KINDS = [
  'signed-form',
  'agreement',
  'id-copy',
  'council-card-copy',
  'photo',
  'card-receipt',
  'activation-record',
  'other',
] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** What scanners and cameras make; nothing that a browser would run. */
export const MEDIA_TYPES = ['application/pdf', 'image/jpeg', 'image/png'] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];

/** With what the service keeps by itself: a receipt that the holder has signed. */
export const KEPT_MEDIA_TYPES = [...MEDIA_TYPES, 'application/cms'] as const;

/** One paper; the row with the hash is kept for ever. */
export interface Evidence {
  id: EvidenceId;
  applicationId: ApplicationId;
  kind: EvidenceKind;
  mediaType: (typeof KEPT_MEDIA_TYPES)[number];
  octets: number;
  sha256: Buffer;
  addedBy: OfficerId;
  addedAt: Date;
}

/** With what becomes of its content. */
export interface KeptEvidence extends Evidence {
  /** The day from which the content may be deleted; absent: nobody knows yet, the case is open. */
  retainUntil?: Date;
  isHeld: boolean;
  deletedAt?: Date;
}

/** Ten mebibytes: a form of some pages, scanned at 300 dpi. */
export const EVIDENCE_OCTETS_MAX = 10 * 1024 * 1024;

/** Papers of one application. */
export const EVIDENCE_PER_APPLICATION_MAX = 50;

export const ADD_ROLES = ['clerk'] as const satisfies readonly Role[];
export const LIST_ROLES = [
  'clerk',
  'approving-officer',
  'office-manager',
  'security-officer',
  'auditor',
] as const satisfies readonly Role[];
/** A manager sees that the papers are there, and not what is in them. */
export const READ_ROLES = [
  'clerk',
  'approving-officer',
  'security-officer',
  'auditor',
] as const satisfies readonly Role[];
export const HOLD_ROLES = ['security-officer', 'auditor'] as const satisfies readonly Role[];
