import type { Id } from '../../core/ids.ts';
import type { ApplicationId } from '../application.ts';
import type { OfficerId, Role } from '../officer.ts';
import type { SecretHash } from '../self-service/secret-hash.ts';

export type ActivationId = Id<'activation'>;

/** Where the code goes: to the holder's number, or printed, where no number is known. */
export type CodeChannel = 'sms' | 'letter';

/**
 * What lets the holder of an approved application have the certificate, once. Its secrets come over two channels: the code, and
 * the card itself or the secret that is shown at the desk for a phone.
 */
export interface Activation {
  id: ActivationId;
  applicationId: ApplicationId;
  /** Of phones, once a clerk has shown it. */
  deskSecret?: SecretHash;
  /** Absent until a letter was printed, where no number is known. */
  code?: SecretHash & { channel: CodeChannel };
  /** Wrong ones, counted up to one more than are allowed. */
  tries: number;
  madeBy: OfficerId;
  madeAt: Date;
  expiresAt: Date;
  voidedAt?: Date;
  usedAt?: Date;
  /** PKCS#10, DER, of the key that came with the use; of phones. */
  certificationRequest?: Buffer;
}

/** One that was used, by a phone with the key that it has made. */
export type UsedActivation = Pick<Activation, 'id' | 'certificationRequest'> &
  Required<Pick<Activation, 'usedAt'>>;

/** Wrong ones until it is dead, whoever tries (DOMAIN §4). */
export const ACTIVATION_TRIES_MAX = 5;
export const ACTIVATION_SECONDS = 30 * 24 * 3600;
/** For one application: with five tries each, few of a hundred million codes. */
export const ACTIVATIONS_MAX = 10;

export const ACTIVATION_STATES = ['waiting', 'dead', 'expired', 'void', 'used'] as const;
export type ActivationState = (typeof ACTIVATION_STATES)[number];

/** What becomes of an activation, from which state, who does it, and what its event is called; anything else is refused. */
export const ACTIVATION_STEPS = {
  // By the service, with the approval.
  start: { from: [], roles: [], event: 'start-activation' },
  code: { from: ['waiting', 'dead', 'expired'], roles: ['clerk'], event: 'renew-activation-code' },
  letter: {
    from: ['waiting', 'dead', 'expired'],
    roles: ['office-manager'],
    event: 'print-activation-letter',
  },
  'desk-secret': { from: ['waiting'], roles: ['clerk'], event: 'show-activation-secret' },
  // At the desk by a clerk, from a phone by nobody who is signed in. A used one is used again by who used it: after a crash.
  use: { from: ['waiting', 'used'], roles: ['clerk'], event: 'use-activation' },
  // With its application, which a clerk withdraws or the service expires.
  end: { from: ['waiting', 'dead', 'expired'], roles: ['clerk'], event: 'end-activation' },
} as const satisfies Record<string, ActivationStep>;

export interface ActivationStep {
  from: readonly ActivationState[];
  roles: readonly Role[];
  event: string;
}

/** What a clerk or a manager may have made anew. */
export const RENEWALS = ['code', 'letter', 'desk-secret'] as const;
export type RenewalOfActivation = (typeof RENEWALS)[number];

export function activationState(
  { usedAt, voidedAt, tries, expiresAt }: Activation,
  now: Date,
): ActivationState {
  if (usedAt) return 'used';
  if (voidedAt) return 'void';
  if (tries >= ACTIVATION_TRIES_MAX) return 'dead';
  return now >= expiresAt ? 'expired' : 'waiting';
}
