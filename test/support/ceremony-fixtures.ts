import { fileURLToPath } from 'node:url';

import type { DeploymentNames } from '../../ca/authority/authority.ts';
import { makeIntermediateRequest } from '../../ca/ceremony/make-intermediate-request.ts';
import type { IntermediateRequestInputs } from '../../ca/ceremony/make-intermediate-request.ts';
import { makeRoot } from '../../ca/ceremony/make-root.ts';
import type { RootInputs } from '../../ca/ceremony/make-root.ts';
import { loadProfiles } from '../../ca/load-profiles.ts';
import { checkKeyWith } from '../../cli/check-key.ts';
import { generateKey } from '../../keys/generate-key.ts';
import type { Signer } from '../../keys/signer.ts';
import { memorySigner } from './memory-signer.ts';
import type { MemorySigner } from './memory-signer.ts';

/** The profiles that ship. */
export const PROFILES = await loadProfiles(fileURLToPath(new URL('../../ca/profiles', import.meta.url)));

export const CEREMONY_NAMES: DeploymentNames = {
  organization: 'Health Authority',
  publicUrl: 'http://ca.example',
  cpsUri: 'http://ca.example/cps',
  oidArc: '2.999.364.1',
  nationalPolicyArc: '2.16.364.101.1.1',
  admissionAuthority: 'سازمان نظام پزشکی',
};

export const CEREMONY_NOW = new Date('2026-06-15T08:00:00Z');

/** The deployment's rules for keys; no key is blocked. */
export const checkKey = checkKeyWith({ isBlocked: async () => false });

export async function p384Signer(): Promise<MemorySigner> {
  return memorySigner((await generateKey('p-384')).privateKey, 'ecdsa-sha384');
}

/** What makes a root; override what the test is about. */
export async function rootInputs(overrides: Partial<RootInputs> = {}): Promise<RootInputs> {
  return {
    profile: PROFILES.get('root')!,
    names: CEREMONY_NAMES,
    commonName: 'Health Root CA',
    signer: await p384Signer(),
    checkKey,
    now: CEREMONY_NOW,
    ...overrides,
  };
}

export async function fixtureRoot(overrides: Partial<RootInputs> = {}) {
  const inputs = await rootInputs(overrides);
  const { certificate } = await makeRoot(inputs);
  return { signer: inputs.signer, certificate };
}

/** The request of a Bronze CA, and its key. */
export async function fixtureRequest(overrides: Partial<IntermediateRequestInputs> = {}) {
  const signer: Signer = overrides.signer ?? memorySigner();
  const request = await makeIntermediateRequest({
    profile: PROFILES.get('intermediate')!,
    names: CEREMONY_NAMES,
    commonName: 'Health Bronze CA',
    checkKey,
    now: CEREMONY_NOW,
    ...overrides,
    signer,
  });
  return { request, signer };
}
