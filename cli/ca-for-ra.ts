import type { ActivationProof } from '../ca/approval/issuance-authorization.ts';
import type { Authority } from '../ca/authority/authority.ts';
import { newestOffering } from '../ca/authority/offered-profiles.ts';
import { CaError } from '../ca/ca-error.ts';
import type { CertificateIssuer as CaIssuer } from '../ca/issue/certificate-issuer.ts';
import type { CertificateStore } from '../ca/issue/certificate-store.ts';
import type { IssuanceRequest } from '../ca/issue/issuance-request.ts';
import { requiredProfile } from '../ca/load-profiles.ts';
import type { Profiles } from '../ca/load-profiles.ts';
import { changeStatus, changeStatusIn } from '../ca/status/change-status.ts';
import type { StatusHouse } from '../ca/status/change-status.ts';
import type { TransactionRunner } from '../core/transaction.ts';
import { generateKey } from '../keys/generate-key.ts';
import type { KeyType } from '../pki/key-type.ts';
import { keylessFacts } from '../pki/approval/approval-document.ts';
import type {
  CertificateIssuer,
  CertificateRequest,
  ShownActivation,
  UnkeyedRequest,
} from '../ra/certificate-issuer.ts';
import type { CertificateStatusChanger } from '../ra/change-certificate-status.ts';
import type { HolderStatusChanger } from '../ra/holds/hold-house.ts';
import type { AuthorityStanding } from './authority-standing.ts';

export interface CaSide {
  issuer: Pick<CaIssuer, 'prepare' | 'factsOf' | 'holderRefusals' | 'issue'>;
  /** Rejects when the key of a CA does not sign now. */
  assertSigns: (authorityId: string) => Promise<void>;
  authorities: ReadonlyMap<string, Authority>;
  profiles: Profiles;
  certificates: CertificateStore;
  transactions: TransactionRunner;
  status: StatusHouse;
  standing: Pick<AuthorityStanding, 'ended'>;
  /** Told of each issuance that failed after it was accepted. */
  onInterrupted: (origin: string, error: unknown) => void;
  /** Resolves when every status change that is durable now can be seen from outside. */
  whenVisible: () => Promise<void>;
}

/** The certification authority as the registration authority's ports want it. */
export function caForRa(ca: CaSide): CertificateIssuer & CertificateStatusChanger & HolderStatusChanger {
  const prepare = async (request: UnkeyedRequest) =>
    ca.issuer.prepare(issuanceRequestOf(await withStandIn(ca, request)));
  return {
    authorityFor: (profileId) => authorityFor(ca, profileId),
    check: async (request) => void (await prepare(request)),
    checkReady: async (request) => {
      const token = await prepare(request);
      const [refusal] = await ca.issuer.holderRefusals([token]);
      if (refusal) throw refusal;
      await ca.assertSigns(request.authorityId);
    },
    preview: async (request) => {
      const facts = ca.issuer.factsOf(await prepare(request));
      return request.subjectPublicKeyInfo ? facts : keylessFacts(facts);
    },
    issue: async (request, { document, proof, approvedAt, activation }, actor) => {
      try {
        const authorization = {
          kind: 'approval',
          document,
          proof,
          approvedAt,
          ...(activation && { activation: activationProof(activation) }),
        } as const;
        const token = await ca.issuer.prepare({ ...issuanceRequestOf(request), authorization });
        await ca.issuer.issue(token, actor);
        await ca.whenVisible();
      } catch (error) {
        ca.onInterrupted(request.origin, error);
        throw error;
      }
    },
    hasIssued: async (origin) =>
      (await ca.transactions.transaction((tx) => ca.certificates.findByOrigin(tx, origin))) !== undefined,
    changeStatus: async (request, actor) => {
      const change = await changeStatus(ca.status, request, actor);
      await ca.whenVisible();
      return change;
    },
    lockHistory: (tx, authorityId, serialNumber) =>
      ca.status.statuses.lockAndRead(tx, authorityId, serialNumber),
    changeStatusIn: (tx, request, actor) => changeStatusIn(ca.status, tx, request, actor),
    whenVisible: () => ca.whenVisible(),
  };
}

/** Only profiles of holders can be applied for; the newest generation that offers it issues. */
async function authorityFor(ca: CaSide, profileId: string): Promise<string> {
  const profile = requiredProfile(ca.profiles, profileId);
  if (profile.purpose !== 'signing' && profile.purpose !== 'authentication') {
    throw new CaError('profile-unknown', `no profile ${profileId} for holders`);
  }
  const ended = await ca.standing.ended();
  const authority = newestOffering(ca.authorities.values(), profile, ca.status.clock.now(), ended);
  if (authority) return authority.id;
  throw new CaError('profile-not-offered', `no issuing CA here offers ${profileId}`);
}

function activationProof({ id, ...shown }: ShownActivation): ActivationProof {
  return { activationId: id, ...shown };
}

/** By key type; nobody has their private keys, and no certificate is issued for them. */
const standIns = new Map<KeyType, Promise<Buffer>>();

/** What is asked before there is a key is asked with one that stands in its place, of a type that the profile allows. */
async function withStandIn({ profiles }: CaSide, request: UnkeyedRequest): Promise<CertificateRequest> {
  const { subjectPublicKeyInfo } = request;
  if (subjectPublicKeyInfo) return { ...request, subjectPublicKeyInfo };
  const [keyType] = requiredProfile(profiles, request.profileId).keyTypes;
  const standIn = standIns.get(keyType) ?? makeStandIn(keyType);
  standIns.set(keyType, standIn);
  return { ...request, subjectPublicKeyInfo: await standIn };
}

async function makeStandIn(keyType: KeyType): Promise<Buffer> {
  const { publicKey } = await generateKey(keyType);
  return publicKey.export({ format: 'der', type: 'spki' });
}

export function issuanceRequestOf(request: CertificateRequest): IssuanceRequest {
  const { nationalId, givenName, surname, latinName, councilNumber } = request.applicant;
  return {
    authorityId: request.authorityId,
    profileId: request.profileId,
    origin: request.origin,
    subjectPublicKeyInfo: request.subjectPublicKeyInfo,
    subject: { nationalId, givenName, surname, latinName },
    councilNumber,
  };
}
