import type { Clock } from '../../core/clock.ts';
import type { TransactionRunner } from '../../core/transaction.ts';
import type { AuditActor } from '../../audit/audit-event.ts';
import type { Signer } from '../../keys/signer.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { KeyType } from '../../pki/key-type.ts';
import type { AuthorityRecord, AuthorityStore, ResponderRecord } from '../authority/authority-store.ts';
import type { DeploymentNames } from '../authority/authority.ts';
import type { CertificateIssuer } from './certificate-issuer.ts';

/** A responder is replaced this long before it expires: a third of its 90 days. */
const RENEW_BEFORE_SECONDS = 30 * 86_400;

export interface ResponderHouse {
  issuer: Pick<CertificateIssuer, 'prepare' | 'issue'>;
  authorities: AuthorityStore;
  names: DeploymentNames;
  transactions: TransactionRunner;
  clock: Clock;
  /** Makes a key and opens it; the reference finds it again. */
  createKey: (name: string, keyType: KeyType) => Promise<{ reference: string; signer: Signer }>;
  /** What each authority has a responder of: clients ask for the algorithm that they prefer (RFC 6960 §4.4.7). */
  responderKeyTypes: readonly KeyType[];
  /** Undefined for a key of no type that the house makes. */
  keyTypeOf: (subjectPublicKeyInfo: Buffer) => KeyType | undefined;
}

/**
 * Issues a new OCSP responder certificate, over a new key, for each key type whose newest one expires soon or is no longer listed:
 * its key was blocked. Returns those it issued. Rejects when one cannot be issued, after it has tried all. A crash between
 * issuing and recording leaves a certificate that nobody uses; the next call issues another.
 */
export async function ensureResponders(
  house: ResponderHouse,
  authorityIds: readonly string[],
  actor: AuditActor,
): Promise<ResponderRecord[]> {
  const now = house.clock.now();
  const { known, records } = await house.transactions.transaction(async (tx) => ({
    known: await house.authorities.listResponders(tx, now),
    records: await house.authorities.listAuthorities(tx),
  }));
  const typed = known.map((responder) => ({ responder, keyType: keyTypeOfResponder(house, responder) }));
  const issued: ResponderRecord[] = [];
  const failures: unknown[] = [];
  for (const authority of records.filter(({ id }) => authorityIds.includes(id))) {
    for (const keyType of house.responderKeyTypes) {
      const newest = typed.find(
        (one) => one.responder.authorityId === authority.id && one.keyType === keyType,
      )?.responder;
      if (!isResponderDue(authority, newest, now)) continue;
      await issueResponder(house, authority, keyType, actor).then(
        (record) => issued.push(record),
        (failure) => failures.push(failure),
      );
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} responders not issued`);
  return issued;
}

function keyTypeOfResponder(house: ResponderHouse, { certificate }: ResponderRecord): KeyType | undefined {
  return house.keyTypeOf(parseCertificate(certificate).subjectPublicKeyInfo);
}

/** A new responder would end no later than its CA: one that ends with it is the last, and an expired CA gets none. */
export function isResponderDue(
  authority: AuthorityRecord,
  newest: Pick<ResponderRecord, 'notAfter'> | undefined,
  now: Date,
): boolean {
  const lastDay = parseCertificate(authority.certificate).notAfter;
  if (lastDay <= now || (newest && newest.notAfter >= lastDay)) return false;
  return !newest || newest.notAfter.getTime() - now.getTime() <= RENEW_BEFORE_SECONDS * 1000;
}

async function issueResponder(
  house: ResponderHouse,
  authority: AuthorityRecord,
  keyType: KeyType,
  actor: AuditActor,
): Promise<ResponderRecord> {
  const { id: authorityId } = authority;
  const { organization } = authority.names ?? house.names;
  const { reference, signer } = await house.createKey(`ocsp-${authorityId}`, keyType);
  const token = await house.issuer.prepare({
    authorityId,
    profileId: 'ocsp-responder',
    origin: `responder:${authorityId}`,
    subjectPublicKeyInfo: signer.subjectPublicKeyInfo,
    subject: { organization, serviceName: `OCSP Responder ${authorityId}` },
    authorization: { kind: 'service-exemption' },
  });
  const certificate = await house.issuer.issue(token, actor);
  const record: ResponderRecord = {
    authorityId,
    certificate: certificate.bytes,
    keyReference: reference,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
  };
  await house.transactions.transaction((tx) => house.authorities.insertResponder(tx, record));
  return record;
}
