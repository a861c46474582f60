import type { AuditActor } from '../../audit/audit-event.ts';
import type { TransactionRunner } from '../../core/transaction.ts';
import type { Signer } from '../../keys/signer.ts';
import type { KeyType } from '../../pki/key-type.ts';
import type { ServicePurpose, ServiceUnitRecord, ServiceUnitStore } from '../authority/service-unit-store.ts';
import { certifyServiceKey, serviceKeyAuthority } from './certify-service-key.ts';
import type { ServiceKeyIssuer } from './certify-service-key.ts';

/** Of keys in the key store. */
const KEY_NAMES: Record<ServicePurpose, string> = { 'time-stamping': 'tsa', seal: 'seal' };

/** The quickest that every validator reads. */
const KEY_TYPE: KeyType = 'p-256';

/** A key is used for a year; its certificate lasts for years beyond, in which what it signed can be validated and renewed. */
const USED_FOR_SECONDS = 365 * 86_400;
/** Of a certificate that ends sooner than a year from its beginning. */
const RENEW_BEFORE_SECONDS = 30 * 86_400;

export interface ServiceUnitHouse extends ServiceKeyIssuer {
  serviceUnits: ServiceUnitStore;
  transactions: TransactionRunner;
  /** Makes a key and opens it; the reference finds it again. */
  createKey: (name: string, keyType: KeyType) => Promise<{ reference: string; signer: Signer }>;
  /** Told why a unit that is due was not replaced. */
  onOverdue?: (cause: unknown) => void;
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
    return await issueUnit(house, purpose, actor);
  } catch (error) {
    // What is due has years left: better an old key than none.
    if (!newest) throw error;
    house.onOverdue?.(error);
    return newest;
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
): Promise<ServiceUnitRecord> {
  const authority = await serviceKeyAuthority(house, purpose);
  const { reference, signer } = await house.createKey(KEY_NAMES[purpose], KEY_TYPE);
  const { subjectPublicKeyInfo } = signer;
  const { authorityId, certificate } = await certifyServiceKey(
    house,
    authority,
    { purpose, subjectPublicKeyInfo },
    actor,
  );
  const record: ServiceUnitRecord = {
    purpose,
    authorityId,
    certificate: certificate.bytes,
    keyReference: reference,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
  };
  await house.transactions.transaction((tx) => house.serviceUnits.insert(tx, record));
  return record;
}
