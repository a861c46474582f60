import type { CouncilNumber } from '../core/council-number.ts';
import type { Id } from '../core/ids.ts';
import type { NationalId } from '../core/national-id.ts';
import type { OfficeId, OfficerId, Role } from './officer.ts';

export type ApplicationId = Id<'application'>;

/** States of what a clerk has typed and not filed yet. */
export const DRAFT_STATES = ['draft', 'checked'] as const;

/** States of what has been filed, in the order in which they follow each other when all goes well. */
export const APPLICATION_STATES = [
  'submitted',
  'approved',
  'rejected',
  'withdrawn',
  'activation',
  'issued',
  'accepted',
  'expired',
] as const;

/** Whether a state is one of a draft. */
export function isDraftState(state: string | undefined): state is DraftState {
  const states: readonly (string | undefined)[] = DRAFT_STATES;
  return states.includes(state);
}

/** How certificate and key come together: see `deliveries.ts`. */
export const DELIVERIES = ['request', 'card', 'phone'] as const;
export type Delivery = (typeof DELIVERIES)[number];

export type DraftState = (typeof DRAFT_STATES)[number];
export type ApplicationState = (typeof APPLICATION_STATES)[number];

/** What becomes of an application, from which state, who does it, and what its event is called; anything else is refused. */
export const APPLICATION_TRANSITIONS = {
  save: { from: ['draft', 'checked'], to: 'draft', roles: ['clerk'], event: 'save-draft' },
  check: { from: ['draft', 'checked'], to: 'checked', roles: ['clerk'], event: 'check-draft' },
  submit: { from: ['draft', 'checked'], to: 'submitted', roles: ['clerk'], event: 'file-application' },
  approve: {
    from: ['submitted'],
    to: 'approved',
    roles: ['approving-officer'],
    event: 'approve-application',
  },
  reject: { from: ['submitted'], to: 'rejected', roles: ['approving-officer'], event: 'reject-application' },
  withdraw: {
    from: ['submitted', 'activation'],
    to: 'withdrawn',
    roles: ['clerk'],
    event: 'withdraw-application',
  },
  // By the service, with the approval: what goes onto a card or a phone is issued when the holder activates it.
  await: { from: ['approved'], to: 'activation', roles: [], event: 'await-activation' },
  issue: { from: ['approved', 'activation'], to: 'issued', roles: [], event: 'complete-application' },
  accept: { from: ['issued'], to: 'accepted', roles: ['clerk'], event: 'accept-application' },
  expire: { from: ['activation', 'issued'], to: 'expired', roles: [], event: 'expire-application' },
} as const satisfies Record<string, ApplicationTransition>;

export interface ApplicationTransition {
  from: readonly (ApplicationState | DraftState)[];
  to: ApplicationState | DraftState;
  /** Of the officers who may do it; none: the service alone. */
  roles: readonly Role[];
  event: string;
}

const { approve, reject, withdraw } = APPLICATION_TRANSITIONS;

/** What an officer decides on an application that has been filed. */
export const APPLICATION_ACTIONS = { approve, reject, withdraw };

/** Who the certificate is for; names as they will stand in it. */
export interface Applicant {
  nationalId: NationalId;
  /** Persian script, folded. */
  givenName: string;
  surname: string;
  /** For the common name; relying parties that cannot read Persian see this. */
  latinName: string;
  councilNumber: CouncilNumber;
}

export interface Application {
  id: ApplicationId;
  officeId: OfficeId;
  state: ApplicationState;
  /** Counts the changes; a decision names the version that it was made on. */
  version: number;
  profileId: string;
  authorityId: string;
  delivery: Delivery;
  applicant: Applicant;
  /** PKCS#10, DER: kept as evidence of the proof of possession. Absent until a phone has activated. */
  certificationRequest?: Buffer;
  subjectPublicKeyInfo?: Buffer;
  filedBy: OfficerId;
  filedAt: Date;
  decidedBy?: OfficerId;
  decidedAt?: Date;
  decisionNote?: string;
  /** Who has recorded the holder's receipt. */
  acceptedBy?: OfficerId;
  acceptedAt?: Date;
}

/** The origin that certificates of an application carry. */
export function originOf(id: ApplicationId): string {
  return `application:${id}`;
}

/** The application that an origin names; undefined when it is something else's. */
export function applicationOfOrigin(origin: string): ApplicationId | undefined {
  const [kind, id] = origin.split(':', 2);
  return kind === 'application' ? (id as ApplicationId) : undefined;
}
