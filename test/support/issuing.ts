import { join } from 'node:path';

import type { CertificateIssuer } from '../../ca/issue/certificate-issuer.ts';
import type { CertificateIssuerOptions } from '../../ca/issue/certificate-issuer.ts';
import type { IssuanceRequest } from '../../ca/issue/issuance-request.ts';
import { loadProfiles } from '../../ca/load-profiles.ts';
import { AuthorityStanding } from '../../cli/authority-standing.ts';
import { checkKeyWith } from '../../cli/check-key.ts';
import { evaluationNames } from '../../cli/deployment-names.ts';
import { PACKAGE_ROOT } from '../../cli/package-root.ts';
import { isUuid } from '../../core/ids.ts';
import { syntheticNationalId } from '../../core/national-id.ts';
import { applicant } from './applications.ts';
import { memorySigner } from './memory-signer.ts';
import type { TestService } from './test-service.ts';

export const TEST_ACTOR = { kind: 'service', id: 'test' } as const;

/** What lets tests of the issuer issue, where they are about something else than approvals. */
const TEST_CAMPAIGN = {
  kind: 'campaign-exemption',
  campaign: 'test',
  filedBy: 'one',
  approvedBy: 'another',
} as const;

let lastOrigin = 0;
/** Others than the people of applications. */
const SEED_OFFSET = 500_000;

/** A request for a synthetic doctor's phone certificate, each time of another doctor, key and origin. */
export function issuanceRequest(override: Partial<IssuanceRequest> = {}): IssuanceRequest {
  lastOrigin += 1;
  // The applicants' counter goes on with each application only.
  const { givenName, surname, latinName } = applicant();
  const nationalId = syntheticNationalId(SEED_OFFSET + lastOrigin);
  return {
    authorityId: 'bronze',
    profileId: 'signing-phone',
    origin: `application:test-${lastOrigin}`,
    subjectPublicKeyInfo: memorySigner().subjectPublicKeyInfo,
    subject: { nationalId, givenName, surname, latinName },
    councilNumber: { group: 'physician', digits: String(1000 + lastOrigin) },
    authorization: TEST_CAMPAIGN,
    ...override,
  };
}

/** What an issuer works with, over the database and CAs of a test's service. */
export async function issuingParts({ house, clock }: TestService): Promise<CertificateIssuerOptions> {
  const { stores, hierarchy } = house;
  const standing = new AuthorityStanding(stores.database, hierarchy);
  return {
    ...stores,
    transactions: stores.database,
    authorities: hierarchy.issuing,
    profiles: await loadProfiles(join(PACKAGE_ROOT, 'ca', 'profiles')),
    names: evaluationNames('http://mohr.test'),
    checkKey: checkKeyWith(stores.blockedKeys),
    checkAuthority: (id) => standing.check(id),
    clock,
    // What is issued for no application rests on the campaign of the tests.
    authorizationRecords: {
      of: async (tx, intent) =>
        (await stores.authorizationRecords.of(tx, intent)) ??
        (intent.origin.startsWith('application:') && isUuid(intent.origin.slice('application:'.length))
          ? undefined
          : TEST_CAMPAIGN),
    },
  };
}

/** Prepares and issues in one go. */
export async function issueFor(issuer: CertificateIssuer, override: Partial<IssuanceRequest> = {}) {
  return issuer.issue(await issuer.prepare(issuanceRequest(override)), TEST_ACTOR);
}
