import { syntheticDoctor } from '../../cli/registers/registered-person.ts';
import { makeCertificationRequest } from '../../keys/make-certification-request.ts';
import { AT } from '../../pki/oid.ts';
import { encodePem } from '../../pki/pem.ts';
import { memorySigner } from './memory-signer.ts';
import type { MemorySigner } from './memory-signer.ts';

let lastSeed = 0;

/** A complete application of a synthetic doctor, each time another one; override what a test is about. */
export async function applicationBody(
  override: Record<string, unknown> = {},
  signer: MemorySigner = memorySigner(),
) {
  lastSeed += 1;
  // Before anything is awaited: others may be made meanwhile.
  const person = applicant();
  const request = await makeCertificationRequest(signer, [{ type: AT.commonName, value: 'ignored' }]);
  return {
    profile: 'signing-phone',
    applicant: person,
    certificationRequest: encodePem('CERTIFICATE REQUEST', request),
    ...override,
  };
}

/** One whom the development registers know as this. */
export function applicant(override: Record<string, unknown> = {}) {
  const { nationalId, givenName, surname, latinName, councilNumber } = syntheticDoctor(lastSeed);
  return {
    nationalId: nationalId as string,
    givenName,
    surname,
    latinName,
    councilNumber: { group: councilNumber.group as string, digits: councilNumber.digits },
    ...override,
  };
}
