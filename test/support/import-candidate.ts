import type { RegisterHouse, RegisterInputs } from '../../ca/ceremony/register-authority.ts';
import { checkKeyWith } from '../../cli/check-key.ts';
import { systemClock } from '../../core/clock.ts';
import type { BlockedKeys } from '../../keys/blocked-keys.ts';
import type { Signer } from '../../keys/signer.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { CertificationRequest } from '../../pki/certification-request.ts';
import { CEREMONY_NAMES, PROFILES } from './ceremony-fixtures.ts';

/** What an import judges, with a Bronze CA below one root; override what the test is about. */
export function importCandidate(parts: {
  certificate: Certificate;
  request: CertificationRequest;
  signer: Signer;
  root: Certificate;
  overrides?: Partial<RegisterInputs>;
}): RegisterInputs {
  return {
    authorityId: 'bronze',
    commonName: 'Health Bronze CA',
    assuranceLevel: 1,
    names: CEREMONY_NAMES,
    profile: PROFILES.get('intermediate')!,
    request: parts.request,
    certificate: parts.certificate,
    issuers: [{ id: 'root', certificate: parts.root, acceptLints: [] }],
    keyReference: 'file:bronze.key',
    signer: parts.signer,
    ceremonySha256: '00'.repeat(32),
    ...parts.overrides,
  };
}

/** A house that judges, and records nothing: whoever passes meets the error `would be recorded`. */
export function judgingHouse(blockedKeys: BlockedKeys = { isBlocked: async () => false }): RegisterHouse {
  const transactions = { transaction: () => Promise.reject(new Error('would be recorded')) };
  const stores = { authorities: {}, certificates: {}, statuses: {}, audit: {} };
  const rest = { transactions, clock: systemClock, publicUrl: CEREMONY_NAMES.publicUrl };
  return { ...stores, ...rest, checkKey: checkKeyWith(blockedKeys) } as unknown as RegisterHouse;
}
