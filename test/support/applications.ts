import { syntheticNationalId } from '../../core/national-id.ts';
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
  const request = await makeCertificationRequest(signer, [{ type: AT.commonName, value: 'ignored' }]);
  return {
    profile: 'signing-phone',
    applicant: applicant(),
    certificationRequest: encodePem('CERTIFICATE REQUEST', request),
    ...override,
  };
}

export function applicant(override: Record<string, unknown> = {}) {
  return {
    nationalId: syntheticNationalId(lastSeed) as string,
    givenName: 'شیرین',
    surname: 'آزمایشی',
    latinName: 'Shirin Azmayeshi',
    councilNumber: { group: 'physician', digits: String(1000 + lastSeed) },
    ...override,
  };
}
