import type { AuditEvent } from '../../audit/audit-event.ts';
import type { CampaignExemption } from '../../ca/approval/issuance-authorization.ts';
import type { IssuanceRequest } from '../../ca/issue/issuance-request.ts';
import type { LintedTbs } from '../../ca/issue/linted-tbs.ts';
import type { Transaction } from '../../core/transaction.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { originOf } from '../../ra/application.ts';
import type { DecidedApplication } from '../../ra/application-batch-store.ts';
import { actorOf } from '../../ra/officer.ts';
import { RaError } from '../../ra/ra-error.ts';
import type { CampaignHouse } from './campaign-house.ts';
import type { Replacement } from './replaced-certificate.ts';
import { issuedRow, refusal } from './row-result.ts';
import type { RowResult } from './row-result.ts';
import type { RosterTerms } from './roster-application.ts';

export interface Candidate {
  line: number;
  application: DecidedApplication;
  /** What a renewal or a re-key goes on for. */
  replacement?: Replacement;
}

export interface PreparedRow {
  candidate: Candidate;
  token: LintedTbs;
}

export interface TokenRun {
  house: CampaignHouse;
  terms: Pick<RosterTerms, 'campaign' | 'filedBy' | 'approvedBy'>;
}

/** Steps 4 to 7 for a batch of tokens, with their applications in the same transactions; one result for each, in their order. */
export async function issueTokens(tokens: readonly PreparedRow[], run: TokenRun): Promise<RowResult[]> {
  if (tokens.length === 0) return [];
  const { house, terms } = run;
  const actor = actorOf(terms.approvedBy);
  const byOrigin = new Map(tokens.map(({ candidate }) => [originOf(candidate.application.id), candidate]));
  const of = (origins: readonly { origin: string }[]) =>
    origins.map(({ origin }) => byOrigin.get(origin)!.application);
  const outcomes = await house.bulk.issueAll(
    tokens.map(({ token }) => token),
    actor,
    {
      withIntents: async (tx, intents) => insertApplications(tx, of(intents), run),
      withCertificates: async (tx, certificates) =>
        house.batches.markIssued(
          tx,
          of(certificates).map(({ id }) => id),
        ),
    },
  );
  return outcomes.map(({ certificate, refusal: reason }, index) => {
    const { line, application } = tokens[index].candidate;
    return certificate ? issuedRow(line, application, certificate, 'issued') : refusal(line, reason);
  });
}

async function insertApplications(
  tx: Transaction,
  applications: readonly DecidedApplication[],
  { house, terms }: TokenRun,
): Promise<void> {
  const leftOut = await house.batches.insertAll(tx, applications, terms.campaign);
  if (leftOut.length > 0) throw new RaError('key-in-use', 'another application carries this key');
  await house.audit.recordAll(
    tx,
    applications.map((application): AuditEvent => ({
      at: application.decidedAt,
      actor: actorOf(terms.approvedBy),
      action: 'approve-by-campaign',
      outcome: 'accepted',
      subject: originOf(application.id),
      details: {
        campaign: terms.campaign,
        filedBy: terms.filedBy.id,
        approvedBy: terms.approvedBy.id,
        profile: application.profileId,
        requestSha256: digest('sha256', application.certificationRequest).toString('hex'),
      },
    })),
  );
}

/** What a campaign asks the CA for. */
export function requestOf(
  { application, replacement }: Candidate,
  terms: TokenRun['terms'],
): IssuanceRequest {
  const { nationalId, givenName, surname, latinName, councilNumber } = application.applicant;
  return {
    authorityId: application.authorityId,
    profileId: application.profileId,
    origin: originOf(application.id),
    subjectPublicKeyInfo: application.subjectPublicKeyInfo,
    subject: { nationalId, givenName, surname, latinName },
    councilNumber,
    ...replacement,
    authorization: campaignExemption(terms),
  };
}

/** A campaign's certificates rest on its two officers, whom the operator at the console names; `insertAll` records it. */
export function campaignExemption({ campaign, filedBy, approvedBy }: TokenRun['terms']): CampaignExemption {
  return { kind: 'campaign-exemption', campaign, filedBy: filedBy.id, approvedBy: approvedBy.id };
}
