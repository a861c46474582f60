import { generateKeyPairSync, sign } from 'node:crypto';

import { applicationIdOfRequest } from '../../ca/campaign/request-origin.ts';
import type { RosterTerms } from '../../cli/campaign/roster-application.ts';
import { makeCertificationRequest } from '../../keys/make-certification-request.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { AT } from '../../pki/oid.ts';
import type { ApplicationId } from '../../ra/application.ts';
import type { DecidedApplication } from '../../ra/application-batch-store.ts';
import type { SeedRow } from './seed-plan.ts';

/** A new P-256 key and its request; nobody keeps the private one. */
export async function seedRequest(): Promise<{ request: Buffer; subjectPublicKeyInfo: Buffer }> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subjectPublicKeyInfo = publicKey.export({ type: 'spki', format: 'der' });
  const signer = {
    label: 'seed',
    algorithm: 'ecdsa-sha256' as const,
    subjectPublicKeyInfo,
    sign: async (message: Uint8Array) => sign('sha256', message, privateKey),
  };
  return {
    request: await makeCertificationRequest(signer, [{ type: AT.commonName, value: 'seed' }]),
    subjectPublicKeyInfo,
  };
}

/**
 * The application of a row, as a campaign's roster would make it. Its request was signed here a moment ago, so that it is not
 * verified again.
 */
export async function seedApplication(
  { applicant, profileId }: SeedRow,
  terms: Omit<RosterTerms, 'profileId' | 'authorityId'> & { authorities: ReadonlyMap<string, string> },
): Promise<DecidedApplication> {
  const { request, subjectPublicKeyInfo } = await seedRequest();
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
