import type { IssuanceRequest } from '../../ca/issue/issuance-request.ts';
import { newId } from '../../core/ids.ts';
import { PgApplicationBatchStore } from '../../db/pg-application-batch-store.ts';
import { parseCertificationRequest } from '../../pki/certification-request.ts';
import { parseApplicant } from '../../ra/applicant-input.ts';
import { originOf } from '../../ra/application.ts';
import type { DecidedApplication } from '../../ra/application-batch-store.ts';
import { actorOf } from '../../ra/officer.ts';
import type { Officer, Role } from '../../ra/officer.ts';
import { applicationBody } from './applications.ts';
import type { TestService } from './test-service.ts';

const CAMPAIGN = 'test';

/** What a campaign asks the CA for, with the applications and exemptions on record that it rests on. */
export async function campaignRequests(service: TestService, count: number): Promise<IssuanceRequest[]> {
  const { database, audit, officers } = service.house.stores;
  const all = await database.transaction((tx) => officers.listOfficers(tx));
  const officer = (role: Role): Officer => all.find(({ roles }) => roles.includes(role))!;
  const [filedBy, approvedBy] = [officer('clerk'), officer('approving-officer')];
  const at = service.clock.now();
  const applications: DecidedApplication[] = [];
  for (let number = 0; number < count; number += 1) {
    const { profile, applicant, certificationRequest } = await applicationBody();
    const request = parseCertificationRequest(certificationRequest);
    applications.push({
      id: newId(service.clock),
      officeId: filedBy.officeId,
      state: 'approved',
      version: 2,
      profileId: profile,
      authorityId: 'bronze',
      delivery: 'request',
      applicant: parseApplicant(applicant),
      certificationRequest: request.bytes,
      subjectPublicKeyInfo: request.subjectPublicKeyInfo,
      filedBy: filedBy.id,
      filedAt: at,
      decidedBy: approvedBy.id,
      decidedAt: at,
    });
  }
  const named = { campaign: CAMPAIGN, filedBy: filedBy.id, approvedBy: approvedBy.id };
  await database.transaction(async (tx) => {
    await new PgApplicationBatchStore(database).insertAll(tx, applications, CAMPAIGN);
    for (const { id } of applications)
      await audit.record(tx, {
        at,
        actor: actorOf(approvedBy),
        action: 'approve-by-campaign',
        outcome: 'accepted',
        subject: originOf(id),
        details: named,
      });
  });
  return applications.map(({ id, applicant, subjectPublicKeyInfo, profileId, authorityId }) => {
    const { nationalId, givenName, surname, latinName, councilNumber } = applicant;
    return {
      authorityId,
      profileId,
      origin: originOf(id),
      subjectPublicKeyInfo,
      subject: { nationalId, givenName, surname, latinName },
      councilNumber,
      authorization: { kind: 'campaign-exemption', ...named },
    };
  });
}
