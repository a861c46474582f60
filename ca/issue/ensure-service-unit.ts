import type { AuditActor } from '../../audit/audit-event.ts';
import type { Clock } from '../../core/clock.ts';
import type { TransactionRunner } from '../../core/transaction.ts';
import type { Signer } from '../../keys/signer.ts';
import type { KeyType } from '../../pki/key-type.ts';
import type { Authority, DeploymentNames } from '../authority/authority.ts';
import { newestOffering } from '../authority/offered-profiles.ts';
import type { ServicePurpose, ServiceUnitRecord, ServiceUnitStore } from '../authority/service-unit-store.ts';
import { CaError } from '../ca-error.ts';
import { requiredProfile } from '../load-profiles.ts';
import type { Profiles } from '../load-profiles.ts';
import type { CertificateIssuer } from './certificate-issuer.ts';

/** The profile has the purpose's name. */
const UNITS: Record<ServicePurpose, { keyName: string; serviceName: string }> = {
  'time-stamping': { keyName: 'tsa', serviceName: 'Time Stamping Unit' },
  seal: { keyName: 'seal', serviceName: 'Validation Service' },
};

/** The quickest that every validator reads. */
const KEY_TYPE: KeyType = 'p-256';

/** A key is used for a year; its certificate lasts for years beyond, in which what it signed can be validated and renewed. */
const USED_FOR_SECONDS = 365 * 86_400;
/** Of a certificate that ends sooner than a year from its beginning. */
const RENEW_BEFORE_SECONDS = 30 * 86_400;

export interface ServiceUnitHouse {
  issuer: Pick<CertificateIssuer, 'prepare' | 'issue'>;
  issuing: ReadonlyMap<string, Authority>;
  /** Ids of authorities that are revoked or on hold. */
  endedAuthorities: () => Promise<ReadonlySet<string>>;
  serviceUnits: ServiceUnitStore;
  profiles: Profiles;
  names: DeploymentNames;
  transactions: TransactionRunner;
  clock: Clock;
  /** Makes a key and opens it; the reference finds it again. */
  createKey: (name: string, keyType: KeyType) => Promise<{ reference: string; signer: Signer }>;
}

/**
 * The unit of a purpose, certified over a new key when there is none or the newest was used for its year. A crash between
 * issuing and recording leaves a certificate that nobody uses; the next call issues another. Throws CaError
 * `profile-not-offered` when no authority of this process certifies such units.
 */
export async function ensureServiceUnit(
  house: ServiceUnitHouse,
  purpose: ServicePurpose,
  actor: AuditActor,
): Promise<ServiceUnitRecord> {
  const now = house.clock.now();
  const [newest] = await house.transactions.transaction((tx) => house.serviceUnits.list(tx, now, purpose));
  if (newest && !isDue(newest, now)) return newest;
  try {
    return await issueUnit(house, purpose, actor, now);
  } catch (error) {
    // What is due has years left: better an old key than none.
    if (newest) return newest;
    throw error;
  }
}

function isDue({ notBefore, notAfter }: ServiceUnitRecord, now: Date): boolean {
  const usedForSeconds = (now.getTime() - notBefore.getTime()) / 1000;
  const leftSeconds = (notAfter.getTime() - now.getTime()) / 1000;
  return usedForSeconds >= USED_FOR_SECONDS || leftSeconds <= RENEW_BEFORE_SECONDS;
}

async function issueUnit(
  house: ServiceUnitHouse,
  purpose: ServicePurpose,
  actor: AuditActor,
  now: Date,
): Promise<ServiceUnitRecord> {
  const profile = requiredProfile(house.profiles, purpose);
  const authority = newestOffering(house.issuing.values(), profile, now, await house.endedAuthorities());
  if (!authority) throw new CaError('profile-not-offered', `no authority here certifies ${purpose} units`);
  const { organization } = authority.names ?? house.names;
  const { keyName, serviceName } = UNITS[purpose];
  const { reference, signer } = await house.createKey(keyName, KEY_TYPE);
  const token = await house.issuer.prepare({
    authorityId: authority.id,
    profileId: purpose,
    origin: `service-unit:${authority.id}`,
    subjectPublicKeyInfo: signer.subjectPublicKeyInfo,
    subject: { organization, serviceName },
    authorization: { kind: 'service-exemption' },
  });
  const certificate = await house.issuer.issue(token, actor);
  const record: ServiceUnitRecord = {
    purpose,
    authorityId: authority.id,
    certificate: certificate.bytes,
    keyReference: reference,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
  };
  await house.transactions.transaction((tx) => house.serviceUnits.insert(tx, record));
  return record;
}
