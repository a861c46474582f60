import type { Id } from '../../core/ids.ts';
import type { ApplicationId, ApplicationState, DraftState } from '../application.ts';
import type { CardId } from '../cards/card.ts';
import type { OfficeId, OfficerId } from '../officer.ts';

export type PersonalisationId = Id<'personalisation'>;

/** How far a key and its certificate are on their way onto a card. */
export const PERSONALISATION_STATES = [
  'open',
  'pin-set',
  'key-made',
  'written',
  'tested',
  'completed',
  'abandoned',
] as const;
export type PersonalisationState = (typeof PERSONALISATION_STATES)[number];

export const CARD_KEY_TYPES = ['rsa-2048', 'p-256'] as const;
export type CardKeyType = (typeof CARD_KEY_TYPES)[number];
export const CARD_PURPOSES = ['signing', 'authentication'] as const;
export type CardPurpose = (typeof CARD_PURPOSES)[number];

export interface PersonalisationStep {
  from: readonly PersonalisationState[];
  to: PersonalisationState;
  event: string;
}

/** What follows what. Reported again, a step that is done already changes nothing. */
export const PERSONALISATION_STEPS = {
  pin: { from: ['open'], to: 'pin-set', event: 'set-card-pin' },
  request: { from: ['pin-set'], to: 'key-made', event: 'make-card-key' },
  written: { from: ['key-made'], to: 'written', event: 'write-card' },
  tested: { from: ['written'], to: 'tested', event: 'test-card' },
  receipt: { from: ['tested'], to: 'completed', event: 'receive-card' },
  abandon: {
    from: ['open', 'pin-set', 'key-made', 'written', 'tested'],
    to: 'abandoned',
    event: 'abandon-personalisation',
  },
} as const satisfies Record<string, PersonalisationStep>;
export type PersonalisationStepName = keyof typeof PERSONALISATION_STEPS;

export const PERSONALISING_ROLES = ['clerk'] as const;

export interface Personalisation {
  id: PersonalisationId;
  applicationId: ApplicationId;
  cardId: CardId;
  officeId: OfficeId;
  keyType: CardKeyType;
  purpose: CardPurpose;
  state: PersonalisationState;
  version: number;
  /** SubjectPublicKeyInfo of the key on the card. */
  subjectPublicKeyInfo?: Buffer;
  /** Makes the test signature one of this very card and case. */
  challenge?: Buffer;
  /** What the holder signs as the receipt: canonical JSON. */
  receipt?: Buffer;
  openedBy: OfficerId;
  openedAt: Date;
  changedAt: Date;
}

/** What somebody has to do next. */
export const NEXT_STEPS = [
  'set-pin',
  'make-key',
  'submit',
  'await-approval',
  'activate',
  'write',
  'test',
  'receive',
  'roll-back',
  'none',
] as const;
export type NextStep = (typeof NEXT_STEPS)[number];

/** States of an application in which nothing will be issued any more. */
const ENDED: readonly (ApplicationState | DraftState)[] = ['rejected', 'withdrawn', 'expired'];

const AFTER_KEY: Readonly<Record<ApplicationState | DraftState, NextStep>> = {
  draft: 'submit',
  checked: 'submit',
  submitted: 'await-approval',
  approved: 'await-approval',
  activation: 'activate',
  issued: 'write',
  accepted: 'write',
  rejected: 'roll-back',
  withdrawn: 'roll-back',
  expired: 'roll-back',
};

/** From how far the card and the application are. */
export function nextStep(
  state: PersonalisationState,
  application: ApplicationState | DraftState | undefined,
): NextStep {
  if (state === 'completed' || state === 'abandoned') return 'none';
  if (application === undefined || ENDED.includes(application)) return 'roll-back';
  switch (state) {
    case 'open':
      return 'set-pin';
    case 'pin-set':
      return 'make-key';
    case 'key-made':
      return AFTER_KEY[application];
    case 'written':
      return 'test';
    case 'tested':
      return 'receive';
  }
}
