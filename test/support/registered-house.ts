import type { ImportCrlHouse } from '../../ca/ceremony/import-crl.ts';
import type { RegisterHouse, RegisterInputs } from '../../ca/ceremony/register-authority.ts';
import { signIntermediate } from '../../ca/ceremony/sign-intermediate.ts';
import type { IntermediateInputs } from '../../ca/ceremony/sign-intermediate.ts';
import { checkKeyWith } from '../../cli/check-key.ts';
import { openStores } from '../../cli/stores.ts';
import { ManualClock } from '../../core/clock.ts';
import type { OpenedPool } from '../../db/open-embedded.ts';
import type { Signer } from '../../keys/signer.ts';
import {
  CEREMONY_NAMES,
  CEREMONY_NOW,
  PROFILES,
  checkKey,
  fixtureRequest,
  fixtureRoot,
} from './ceremony-fixtures.ts';
import { importCandidate } from './import-candidate.ts';

/** One root for all: what differs from test to test is below it. */
export const ROOT = await fixtureRoot();

/** The register of a deployment over a database that is open and empty. */
export function registeredHouse(opened: OpenedPool) {
  const stores = openStores(opened);
  const house: RegisterHouse & ImportCrlHouse = {
    ...stores,
    transactions: stores.database,
    clock: new ManualClock(new Date(CEREMONY_NOW.getTime() + 60_000)),
    publicUrl: CEREMONY_NAMES.publicUrl,
    checkKey: checkKeyWith(stores.blockedKeys),
  };
  return { house, stores };
}

/** A new CA below ROOT, with a key of its own unless one is given, ready to be imported. */
export async function belowRoot(
  authorityId: string,
  commonName: string,
  overrides: Partial<IntermediateInputs> = {},
  key?: Signer,
): Promise<RegisterInputs> {
  const { request, signer } = await fixtureRequest({ commonName, ...(key && { signer: key }) });
  const { certificate } = await signIntermediate({
    profile: PROFILES.get('intermediate')!,
    names: CEREMONY_NAMES,
    commonName,
    assuranceLevel: 1,
    request,
    issuer: { id: 'root', certificate: ROOT.certificate },
    signer: ROOT.signer,
    checkKey,
    now: CEREMONY_NOW,
    ...overrides,
  });
  const { assuranceLevel = 1 } = overrides;
  const named = { authorityId, commonName, assuranceLevel, keyReference: `file:${authorityId}.key` };
  return importCandidate({ certificate, request, signer, root: ROOT.certificate, overrides: named });
}
