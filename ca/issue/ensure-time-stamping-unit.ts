import type { AuditActor } from '../../audit/audit-event.ts';
import type { Clock } from '../../core/clock.ts';
import type { TransactionRunner } from '../../core/transaction.ts';
import type { Signer } from '../../keys/signer.ts';
import type { KeyType } from '../../pki/key-type.ts';
import type { Authority, DeploymentNames } from '../authority/authority.ts';
import { newestOffering } from '../authority/offered-profiles.ts';
import type { TimeStampingUnitRecord, TimeStampingUnitStore } from '../authority/time-stamping-unit-store.ts';
import { CaError } from '../ca-error.ts';
import { requiredProfile } from '../load-profiles.ts';
import type { Profiles } from '../load-profiles.ts';
import type { CertificateIssuer } from './certificate-issuer.ts';

export const TIME_STAMPING_PROFILE = 'time-stamping';

/** The quickest that every validator reads. */
const KEY_TYPE: KeyType = 'p-256';

/** A key stamps for a year; its certificate lasts for years beyond, in which its tokens can be validated and renewed. */
const STAMPS_FOR_SECONDS = 365 * 86_400;
/** Of a certificate that ends sooner than a year from its beginning. */
const RENEW_BEFORE_SECONDS = 30 * 86_400;

export interface TimeStampingHouse {
  issuer: Pick<CertificateIssuer, 'prepare' | 'issue'>;
  issuing: ReadonlyMap<string, Authority>;
  /** Ids of authorities that are revoked or on hold. */
  endedAuthorities: () => Promise<ReadonlySet<string>>;
  timeStampingUnits: TimeStampingUnitStore;
  profiles: Profiles;
  names: DeploymentNames;
  transactions: TransactionRunner;
  clock: Clock;
  /** Makes a key and opens it; the reference finds it again. */
  createKey: (name: string, keyType: KeyType) => Promise<{ reference: string; signer: Signer }>;
}

/**
 * The unit to stamp with, certified over a new key when there is none or the newest has stamped for its year. A crash between
 * issuing and recording leaves a certificate that nobody uses; the next call issues another. Throws CaError
 * `profile-not-offered` when no authority of this process certifies time-stamping units.
 */
export async function ensureTimeStampingUnit(
  house: TimeStampingHouse,
  actor: AuditActor,
): Promise<TimeStampingUnitRecord> {
  const now = house.clock.now();
  const [newest] = await house.transactions.transaction((tx) => house.timeStampingUnits.list(tx, now));
  if (newest && !isDue(newest, now)) return newest;
  try {
    return await issueUnit(house, actor, now);
  } catch (error) {
    // What is due has years left: better an old key than no time.
    if (newest) return newest;
    throw error;
  }
}

function isDue({ notBefore, notAfter }: TimeStampingUnitRecord, now: Date): boolean {
  const stampedForSeconds = (now.getTime() - notBefore.getTime()) / 1000;
  const leftSeconds = (notAfter.getTime() - now.getTime()) / 1000;
  return stampedForSeconds >= STAMPS_FOR_SECONDS || leftSeconds <= RENEW_BEFORE_SECONDS;
}

async function issueUnit(
  house: TimeStampingHouse,
  actor: AuditActor,
  now: Date,
): Promise<TimeStampingUnitRecord> {
  const profile = requiredProfile(house.profiles, TIME_STAMPING_PROFILE);
  const authority = newestOffering(house.issuing.values(), profile, now, await house.endedAuthorities());
  if (!authority) throw new CaError('profile-not-offered', 'no authority here certifies time-stamping units');
  const { organization } = authority.names ?? house.names;
  const { reference, signer } = await house.createKey('tsa', KEY_TYPE);
  const token = await house.issuer.prepare({
    authorityId: authority.id,
    profileId: TIME_STAMPING_PROFILE,
    origin: `time-stamping-unit:${authority.id}`,
    subjectPublicKeyInfo: signer.subjectPublicKeyInfo,
    subject: { organization, serviceName: 'Time Stamping Unit' },
    authorization: { kind: 'service-exemption' },
  });
  const certificate = await house.issuer.issue(token, actor);
  const record: TimeStampingUnitRecord = {
    authorityId: authority.id,
    certificate: certificate.bytes,
    keyReference: reference,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
  };
  await house.transactions.transaction((tx) => house.timeStampingUnits.insert(tx, record));
  return record;
}
