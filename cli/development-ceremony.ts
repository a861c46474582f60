import { wholeSeconds } from '../core/clock.ts';
import type { Clock } from '../core/clock.ts';
import { addDuration, parseDuration } from '../core/duration.ts';
import type { Transaction, TransactionRunner } from '../core/transaction.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { AuthorityStore } from '../ca/authority/authority-store.ts';
import type { DeploymentNames } from '../ca/authority/authority.ts';
import { signAuthorityCertificate } from '../ca/ceremony/sign-authority-certificate.ts';
import { buildCertificateList } from '../ca/crl/sign-certificate-list.ts';
import type { CrlStore } from '../ca/crl/crl-store.ts';
import type { CertificateStore } from '../ca/issue/certificate-store.ts';
import { requiredProfile } from '../ca/load-profiles.ts';
import type { Profiles } from '../ca/load-profiles.ts';
import type { StatusStore } from '../ca/status/status-store.ts';
import type { KeyType } from '../keys/key-type.ts';
import type { Signer } from '../keys/signer.ts';
import { certificateFingerprint } from '../pki/certificate.ts';
import type { Certificate } from '../pki/certificate.ts';
import { digest } from '../pki/digest-algorithm.ts';
import type { KeyStore } from './key-store.ts';

export interface CeremonyHouse {
  authorities: AuthorityStore;
  certificates: CertificateStore;
  statuses: StatusStore;
  crls: CrlStore;
  audit: AuditLog;
  transactions: TransactionRunner;
  profiles: Profiles;
  names: DeploymentNames;
  clock: Clock;
}

const ACTOR = { kind: 'operator', id: 'development-ceremony' } as const;
const ROOT = {
  id: 'root',
  serviceName: 'Mohr Evaluation Root CA (not for production)',
  keyType: 'p-384',
} as const;
const INTERMEDIATES: readonly {
  id: string;
  serviceName: string;
  assuranceLevel: number;
  keyType: KeyType;
}[] = [
  { id: 'silver', serviceName: 'Health Intermediate Silver CA', assuranceLevel: 2, keyType: 'p-256' },
  { id: 'bronze', serviceName: 'Health Intermediate Bronze CA', assuranceLevel: 1, keyType: 'p-256' },
];
const CRL_SHARDS = 16;
/** A root is offline: its CRL has to last until the next ceremony. */
const ROOT_CRL_VALIDITY = 'P1Y';

/**
 * Makes an evaluation hierarchy: a root whose key stays in a key store of its own that the service never opens again,
 * and two issuing CAs. All rows are written in one transaction at the end; an interrupted run leaves unused key files.
 */
export async function runDevelopmentCeremony(
  house: CeremonyHouse,
  stores: { offlineRoot: KeyStore; online: KeyStore },
): Promise<void> {
  const now = wholeSeconds(house.clock.now());
  const rootReference = await stores.offlineRoot.create(ROOT.id, ROOT.keyType);
  const rootSigner = await stores.offlineRoot.openSigner(rootReference);
  const root = await signRoot(house, rootSigner, now);
  const intermediates: {
    id: string;
    assuranceLevel: number;
    keyReference: string;
    certificate: Certificate;
  }[] = [];
  for (const { id, serviceName, assuranceLevel, keyType } of INTERMEDIATES) {
    const keyReference = await stores.online.create(id, keyType);
    const { subjectPublicKeyInfo } = await stores.online.openSigner(keyReference);
    const certificate = await signAuthorityCertificate({
      profile: requiredProfile(house.profiles, 'intermediate'),
      names: house.names,
      serviceName,
      subjectPublicKeyInfo,
      assuranceLevel,
      signer: rootSigner,
      issuer: { id: ROOT.id, certificate: root },
      now,
    });
    intermediates.push({ id, assuranceLevel, keyReference, certificate });
  }
  const nextUpdate = addDuration(now, parseDuration(ROOT_CRL_VALIDITY));
  await house.transactions.transaction(async (tx) => {
    await house.authorities.insertAuthority(tx, {
      id: ROOT.id,
      assuranceLevel: 0,
      certificate: root.bytes,
      crlShards: 1,
      createdAt: now,
    });
    for (const intermediate of intermediates) {
      await house.authorities.insertAuthority(tx, {
        id: intermediate.id,
        issuerId: ROOT.id,
        assuranceLevel: intermediate.assuranceLevel,
        certificate: intermediate.certificate.bytes,
        keyReference: intermediate.keyReference,
        crlShards: CRL_SHARDS,
        createdAt: now,
      });
      await recordIntermediate(house, tx, intermediate.id, intermediate.certificate, now);
    }
    // The CRL is signed inside the transaction that allocates its number: a root has no other writer to wait.
    const crlNumber = await house.crls.allocateNumber(tx, ROOT.id, 'complete');
    const list = {
      issuer: root,
      signer: rootSigner,
      crlNumber,
      thisUpdate: now,
      nextUpdate,
      extensions: [],
      entries: [],
    };
    await house.crls.publish(tx, {
      scope: { authorityId: ROOT.id, kind: 'complete' },
      crlNumber,
      thisUpdate: now,
      nextUpdate,
      lastChangeNumber: 0,
      der: [await buildCertificateList(list)],
    });
  });
}

function signRoot(house: CeremonyHouse, signer: Signer, now: Date): Promise<Certificate> {
  return signAuthorityCertificate({
    profile: requiredProfile(house.profiles, 'root'),
    names: house.names,
    serviceName: ROOT.serviceName,
    subjectPublicKeyInfo: signer.subjectPublicKeyInfo,
    assuranceLevel: 0,
    signer,
    now,
  });
}

/** The root's issuance has its rows too: validation and fsck ask one history about every certificate. */
async function recordIntermediate(
  house: CeremonyHouse,
  tx: Transaction,
  id: string,
  certificate: Certificate,
  now: Date,
): Promise<void> {
  const origin = `ceremony:${id}`;
  const profile = requiredProfile(house.profiles, 'intermediate');
  const common = {
    authorityId: ROOT.id,
    serialNumber: certificate.serialNumber,
    profileId: profile.id,
    origin,
  };
  await house.certificates.recordIntent(tx, {
    ...common,
    tbsCertificate: certificate.tbsCertificate,
    spkiSha256: digest('sha256', certificate.subjectPublicKeyInfo),
    profileVersion: profile.version,
    intendedAt: now,
  });
  await house.certificates.recordCertificate(tx, {
    ...common,
    bytes: certificate.bytes,
    sha256: certificateFingerprint(certificate),
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    issuedAt: now,
  });
  await house.statuses.append(tx, { ...common, event: 'issued', effectiveAt: now, requestedBy: origin });
  await house.audit.record(tx, {
    at: now,
    actor: ACTOR,
    action: 'issue-certificate',
    outcome: 'accepted',
    subject: `certificate:${ROOT.id}/${certificate.serialNumber.toString('hex')}`,
    details: {
      origin,
      profile: `${profile.id}@${profile.version}`,
      sha256: certificateFingerprint(certificate).toString('hex'),
    },
  });
}
