import type { CouncilNumber } from '../core/council-number.ts';
import type { Id } from '../core/ids.ts';
import type { NationalId } from '../core/national-id.ts';
import type { OfficeId, OfficerId, Role } from './officer.ts';

export type ApplicationId = Id<'application'>;

export type ApplicationState = 'submitted' | 'approved' | 'rejected' | 'withdrawn' | 'issued';

/** What an officer may do with an application, from which state, and in which role; anything else is refused. */
export const APPLICATION_ACTIONS = {
  approve: { from: ['submitted'], to: 'approved', roles: ['approving-officer'] },
  reject: { from: ['submitted'], to: 'rejected', roles: ['approving-officer'] },
  withdraw: { from: ['submitted'], to: 'withdrawn', roles: ['clerk'] },
} as const satisfies Record<string, ApplicationAction>;

export interface ApplicationAction {
  from: readonly ApplicationState[];
  to: ApplicationState;
  roles: readonly Role[];
}

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
  applicant: Applicant;
  /** PKCS#10, DER: kept as evidence of the proof of possession. */
  certificationRequest: Buffer;
  subjectPublicKeyInfo: Buffer;
  filedBy: OfficerId;
  filedAt: Date;
  decidedBy?: OfficerId;
  decidedAt?: Date;
  decisionNote?: string;
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
