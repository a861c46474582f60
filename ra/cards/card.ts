import type { Id } from '../../core/ids.ts';
import type { RevocationReason } from '../../pki/revocation-reason.ts';
import type { ApplicationId } from '../application.ts';
import type { OfficeId, OfficerId, Role } from '../officer.ts';

export type CardId = Id<'card'>;
export type CardBatchId = Id<'card-batch'>;

/** Where a card is in its life. */
export const CARD_STATES = [
  'received',
  'in-stock',
  'reserved',
  'personalised',
  'handed-over',
  'pin-blocked',
  'lost',
  'spoiled',
  'replaced',
  'destroyed',
] as const;
export type CardState = (typeof CARD_STATES)[number];

/** What becomes of the certificates on a card with a transition (DOMAIN §4). */
export type CardEffect = { event: 'held' } | { event: 'revoked'; reason: RevocationReason };

export interface CardTransition {
  from: readonly CardState[];
  to: CardState;
  /** Of the officers who may do it; none: the service, with a step of a personalisation. */
  roles: readonly Role[];
  event: string;
  effect?: CardEffect;
}

/** What becomes of a card, from which state, who does it, and what its event is called; anything else is refused. */
export const CARD_TRANSITIONS = {
  assign: { from: ['received', 'in-stock'], to: 'in-stock', roles: ['ca-operator'], event: 'assign-card' },
  'take-back': {
    from: ['in-stock'],
    to: 'received',
    roles: ['ca-operator', 'office-manager'],
    event: 'take-back-card',
  },
  reserve: { from: ['in-stock'], to: 'reserved', roles: [], event: 'reserve-card' },
  release: { from: ['reserved'], to: 'in-stock', roles: [], event: 'release-card' },
  personalise: { from: ['reserved'], to: 'personalised', roles: [], event: 'personalise-card' },
  'hand-over': { from: ['personalised'], to: 'handed-over', roles: [], event: 'hand-over-card' },
  // It has the PIN of a person, and perhaps a key, and will never be theirs: nobody else gets it.
  spoil: { from: ['reserved', 'personalised'], to: 'spoiled', roles: [], event: 'spoil-card' },
  'block-pin': { from: ['handed-over'], to: 'pin-blocked', roles: ['clerk'], event: 'block-card-pin' },
  'unblock-pin': { from: ['pin-blocked'], to: 'handed-over', roles: ['clerk'], event: 'unblock-card-pin' },
  lose: {
    from: ['personalised', 'handed-over', 'pin-blocked'],
    to: 'lost',
    roles: ['clerk', 'ca-operator'],
    event: 'lose-card',
    effect: { event: 'held' },
  },
  // The hold stays: lifting it is an operator's decision of its own, on the certificate.
  find: { from: ['lost'], to: 'handed-over', roles: ['ca-operator'], event: 'find-card' },
  // The holder has one signing certificate on a card: the new one is issued once this one is revoked.
  replace: {
    from: ['handed-over', 'pin-blocked', 'lost'],
    to: 'replaced',
    roles: ['ca-operator'],
    event: 'replace-card',
    effect: { event: 'revoked', reason: 'superseded' },
  },
  discard: {
    from: ['received', 'in-stock', 'spoiled'],
    to: 'destroyed',
    roles: ['ca-operator', 'office-manager'],
    event: 'discard-card',
  },
  destroy: {
    from: ['personalised', 'handed-over', 'pin-blocked', 'lost'],
    to: 'destroyed',
    roles: ['ca-operator'],
    event: 'destroy-card',
    effect: { event: 'revoked', reason: 'cessationOfOperation' },
  },
} as const satisfies Record<string, CardTransition>;

export type CardAction = keyof typeof CARD_TRANSITIONS;

/** What officers do with one card; assigning takes many at once, and the rest follows from personalisations. */
export const OFFICER_CARD_ACTIONS = [
  'take-back',
  'block-pin',
  'unblock-pin',
  'lose',
  'find',
  'replace',
  'discard',
  'destroy',
] as const satisfies readonly CardAction[];
export type OfficerCardAction = (typeof OFFICER_CARD_ACTIONS)[number];

/** Who takes deliveries in. */
export const CARD_IMPORT_ROLES = ['ca-operator'] as const satisfies readonly Role[];
/** Who sees cards; an officer of an office those of the office. */
export const CARD_READ_ROLES = [
  'clerk',
  'approving-officer',
  'office-manager',
  'ca-operator',
  'security-officer',
  'auditor',
] as const satisfies readonly Role[];

/** A delivery of cards. */
export interface CardBatch {
  id: CardBatchId;
  /** Of the delivery note; one batch each. */
  reference: string;
  /** As the cards' maker calls it. */
  cardType: string;
  cards: number;
  /** Over the serials in their order: the same list sent again is one delivery. */
  listSha256: Buffer;
  importedBy: OfficerId;
  importedAt: Date;
}

export interface Card {
  id: CardId;
  /** As the card's own chip says it. */
  serial: string;
  batchId: CardBatchId;
  cardType: string;
  /** Absent: with the CA. */
  officeId?: OfficeId;
  state: CardState;
  /** Counts the changes; a change names the version that it was made on. */
  version: number;
  changedAt: Date;
}

/** One change of a card's life; kept for ever. */
export interface CardChange {
  cardId: CardId;
  version: number;
  action: CardAction;
  to: CardState;
  officeId?: OfficeId;
  applicationId?: ApplicationId;
  note?: string;
  /** An officer's id, or `service`. */
  changedBy: string;
  changedAt: Date;
}

/** A certificate whose key is on a card: of an application that was personalised onto it. */
export interface CardCertificate {
  authorityId: string;
  serialNumber: Buffer;
}
