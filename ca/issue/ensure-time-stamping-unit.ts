import type { AuditActor } from '../../audit/audit-event.ts';
import type { TransactionRunner } from '../../core/transaction.ts';
import type { Signer } from '../../keys/signer.ts';
import type { KeyType } from '../../pki/key-type.ts';
import type { TimeStampingUnitRecord, TimeStampingUnitStore } from '../authority/time-stamping-unit-store.ts';
import { certifyTimeStampingKey, timeStampingAuthority } from './certify-time-stamping-key.ts';
import type { TimeStampingIssuer } from './certify-time-stamping-key.ts';

/** The quickest that every validator reads. */
const KEY_TYPE: KeyType = 'p-256';

/** A key stamps for a year; its certificate lasts for years beyond, in which its tokens can be validated and renewed. */
const STAMPS_FOR_SECONDS = 365 * 86_400;
/** Of a certificate that ends sooner than a year from its beginning. */
const RENEW_BEFORE_SECONDS = 30 * 86_400;

export interface TimeStampingHouse extends TimeStampingIssuer {
  timeStampingUnits: TimeStampingUnitStore;
  transactions: TransactionRunner;
  /** Makes a key and opens it; the reference finds it again. */
  createKey: (name: string, keyType: KeyType) => Promise<{ reference: string; signer: Signer }>;
  /** Told why a unit that is due was not replaced. */
  onOverdue?: (cause: unknown) => void;
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
    return await issueUnit(house, actor);
  } catch (error) {
    // What is due has years left: better an old key than no time.
    if (!newest) throw error;
    house.onOverdue?.(error);
    return newest;
  }
}

function isDue({ notBefore, notAfter }: TimeStampingUnitRecord, now: Date): boolean {
  const stampedForSeconds = (now.getTime() - notBefore.getTime()) / 1000;
  const leftSeconds = (notAfter.getTime() - now.getTime()) / 1000;
  return stampedForSeconds >= STAMPS_FOR_SECONDS || leftSeconds <= RENEW_BEFORE_SECONDS;
}

async function issueUnit(house: TimeStampingHouse, actor: AuditActor): Promise<TimeStampingUnitRecord> {
  const authority = await timeStampingAuthority(house);
  const { reference, signer } = await house.createKey('tsa', KEY_TYPE);
  const { subjectPublicKeyInfo } = signer;
  const { authorityId, certificate } = await certifyTimeStampingKey(
    house,
    authority,
    { subjectPublicKeyInfo },
    actor,
  );
  const record: TimeStampingUnitRecord = {
    authorityId,
    certificate: certificate.bytes,
    keyReference: reference,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
  };
  await house.transactions.transaction((tx) => house.timeStampingUnits.insert(tx, record));
  return record;
}
