import { applicationIdOfRequest } from '../../ca/campaign/request-origin.ts';
import type { RosterTerms } from '../../cli/campaign/roster-application.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { ApplicationId } from '../../ra/application.ts';
import type { DecidedApplication } from '../../ra/application-batch-store.ts';
import type { SeedRequest } from './request-worker.ts';
import type { SeedRow } from './seed-plan.ts';

/**
 * The application of a row, as a campaign's roster would make it. Its request was signed by this process a
 * moment ago, so that it is not verified again.
 */
export function seedApplication(
  { applicant, profileId }: SeedRow,
  made: SeedRequest,
  terms: Omit<RosterTerms, 'profileId' | 'authorityId'> & { authorities: ReadonlyMap<string, string> },
): DecidedApplication {
  const [request, subjectPublicKeyInfo] = [Buffer.from(made.request), Buffer.from(made.subjectPublicKeyInfo)];
  return {
    id: applicationIdOfRequest(digest('sha256', request)) as ApplicationId,
    officeId: terms.filedBy.officeId,
    state: 'approved',
    version: 1,
    profileId,
    delivery: 'request',
    authorityId: terms.authorities.get(profileId)!,
    applicant,
    certificationRequest: request,
    subjectPublicKeyInfo,
    filedBy: terms.filedBy.id,
    filedAt: terms.now,
    decidedBy: terms.approvedBy.id,
    decidedAt: terms.now,
    decisionNote: `campaign ${terms.campaign}`,
  };
}
