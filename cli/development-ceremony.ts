import { wholeSeconds } from '../core/clock.ts';
import type { Clock } from '../core/clock.ts';
import type { TransactionRunner } from '../core/transaction.ts';
import type { DeploymentNames } from '../ca/authority/authority.ts';
import { makeIntermediateRequest } from '../ca/ceremony/make-intermediate-request.ts';
import { makeRoot } from '../ca/ceremony/make-root.ts';
import { recordAuthority } from '../ca/ceremony/record-authority.ts';
import type { AuthorityRegister } from '../ca/ceremony/record-authority.ts';
import { makeRootCrl } from '../ca/ceremony/root-crl.ts';
import { signIntermediate } from '../ca/ceremony/sign-intermediate.ts';
import type { CrlStore } from '../ca/crl/crl-store.ts';
import { requiredProfile } from '../ca/load-profiles.ts';
import type { Profiles } from '../ca/load-profiles.ts';
import type { BlockedKeys } from '../keys/blocked-keys.ts';
import type { KeyType } from '../pki/key-type.ts';
import type { Signer } from '../keys/signer.ts';
import type { Certificate } from '../pki/certificate.ts';
import { checkKeyWith } from './check-key.ts';
import type { KeyStore } from './key-store.ts';

export interface CeremonyHouse extends AuthorityRegister {
  crls: CrlStore;
  blockedKeys: BlockedKeys;
  transactions: TransactionRunner;
  profiles: Profiles;
  names: DeploymentNames;
  clock: Clock;
}

const ISSUE = {
  action: 'issue-certificate',
  actor: { kind: 'operator', id: 'development-ceremony' },
} as const;
const ROOT = {
  id: 'root',
  commonName: 'Mohr Evaluation Root CA (not for production)',
  keyType: 'p-384',
} as const;

interface Intermediate {
  id: string;
  commonName: string;
  assuranceLevel: number;
  keyType: KeyType;
}

type IssuedIntermediate = Intermediate & { keyReference: string; certificate: Certificate };

const INTERMEDIATES: readonly Intermediate[] = [
  { id: 'silver', commonName: 'Health Intermediate Silver CA', assuranceLevel: 2, keyType: 'p-256' },
  { id: 'bronze', commonName: 'Health Intermediate Bronze CA', assuranceLevel: 1, keyType: 'p-256' },
];
const CRL_SHARDS = 16;
/** A root is offline: its CRL has to last until the next ceremony. */
const ROOT_CRL_VALIDITY = 'P1Y';

/**
 * Makes an evaluation hierarchy by the acts of a ceremony, without files and witnesses: a root whose key stays in a key store
 * of its own that the service never opens again, and two issuing CAs. All rows are written in one transaction at the end;
 * an interrupted run leaves unused key files.
 */
export async function runDevelopmentCeremony(
  house: CeremonyHouse,
  stores: { offlineRoot: KeyStore; online: KeyStore },
): Promise<void> {
  const now = wholeSeconds(house.clock.now());
  const common = { names: house.names, checkKey: checkKeyWith(house.blockedKeys), now };
  const rootSigner = await openNewKey(stores.offlineRoot, ROOT);
  const rootProfile = requiredProfile(house.profiles, 'root');
  const { commonName } = ROOT;
  const root = await makeRoot({ ...common, profile: rootProfile, commonName, signer: rootSigner.signer });
  const profile = requiredProfile(house.profiles, 'intermediate');
  const issued: IssuedIntermediate[] = [];
  for (const intermediate of INTERMEDIATES) {
    const { keyReference, signer } = await openNewKey(stores.online, intermediate);
    const subject = { ...common, ...intermediate, profile };
    const request = await makeIntermediateRequest({ ...subject, signer });
    const issuer = { id: ROOT.id, certificate: root.certificate };
    const { certificate } = await signIntermediate({
      ...subject,
      request,
      issuer,
      signer: rootSigner.signer,
    });
    issued.push({ ...intermediate, keyReference, certificate });
  }
  await house.transactions.transaction(async (tx) => {
    const rootRecord = { id: ROOT.id, assuranceLevel: 0, certificate: root.certificate.bytes, crlShards: 1 };
    await recordAuthority(house, tx, {
      ...ISSUE,
      record: { ...rootRecord, createdAt: now },
      certificate: root.certificate,
      profile: rootProfile,
    });
    for (const intermediate of issued) {
      const record = { ...recordOf(intermediate), createdAt: now };
      await recordAuthority(house, tx, { ...ISSUE, record, certificate: intermediate.certificate, profile });
    }
    // The CRL is signed inside the transaction that allocates its number: a root has no other writer to wait.
    const crlNumber = await house.crls.allocateNumber(tx, ROOT.id, 'complete');
    const crl = { issuer: root.certificate, signer: rootSigner.signer, crlNumber, revoke: [], now };
    const { list } = await makeRootCrl({ ...crl, validity: ROOT_CRL_VALIDITY });
    await house.crls.publish(tx, {
      scope: { authorityId: ROOT.id, kind: 'complete' },
      crlNumber,
      thisUpdate: list.thisUpdate,
      nextUpdate: list.nextUpdate!,
      lastChangeNumber: 0,
      der: [list.bytes],
    });
  });
}

function recordOf({ id, assuranceLevel, keyReference, certificate }: IssuedIntermediate) {
  return {
    id,
    issuerId: ROOT.id,
    assuranceLevel,
    keyReference,
    crlShards: CRL_SHARDS,
    certificate: certificate.bytes,
  };
}

async function openNewKey(
  keys: KeyStore,
  { id, keyType }: { id: string; keyType: KeyType },
): Promise<{ keyReference: string; signer: Signer }> {
  const keyReference = await keys.create(id, keyType);
  return { keyReference, signer: await keys.openSigner(keyReference) };
}
