import type { Clock } from '../../core/clock.ts';
import type { TransactionRunner } from '../../core/transaction.ts';
import type { AuditActor } from '../../audit/audit-event.ts';
import type { Signer } from '../../keys/signer.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { AuthorityRecord, AuthorityStore, ResponderRecord } from '../authority/authority-store.ts';
import type { DeploymentNames } from '../authority/authority.ts';
import type { CertificateIssuer } from './certificate-issuer.ts';

/** A responder is replaced this long before it expires: a third of its 90 days. */
const RENEW_BEFORE_SECONDS = 30 * 86_400;

export interface ResponderHouse {
  issuer: CertificateIssuer;
  authorities: AuthorityStore;
  names: DeploymentNames;
  transactions: TransactionRunner;
  clock: Clock;
  /** Makes a key and opens it; the reference finds it again. */
  createKey: (name: string) => Promise<{ reference: string; signer: Signer }>;
}

/**
 * Issues a new OCSP responder certificate, over a new key, where the newest one expires soon. Returns those it issued. A crash
 * between issuing and recording leaves a certificate that nobody uses; the next call issues another.
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
  const issued: ResponderRecord[] = [];
  for (const authorityId of authorityIds) {
    const authority = records.find(({ id }) => id === authorityId);
    const newest = known.find((responder) => responder.authorityId === authorityId);
    if (!authority || !isResponderDue(authority, newest, now)) continue;
    const { organization } = authority.names ?? house.names;
    issued.push(await issueResponder(house, { authorityId, organization }, actor));
  }
  return issued;
}

/** A new responder would end no later than its CA: one that ends with it is the last, and an expired CA gets none. */
function isResponderDue(authority: AuthorityRecord, newest: ResponderRecord | undefined, now: Date): boolean {
  const lastDay = parseCertificate(authority.certificate).notAfter;
  if (lastDay <= now || (newest && newest.notAfter >= lastDay)) return false;
  return !newest || newest.notAfter.getTime() - now.getTime() <= RENEW_BEFORE_SECONDS * 1000;
}

async function issueResponder(
  house: ResponderHouse,
  { authorityId, organization }: { authorityId: string; organization: string },
  actor: AuditActor,
): Promise<ResponderRecord> {
  const { reference, signer } = await house.createKey(`ocsp-${authorityId}`);
  const token = await house.issuer.prepare({
    authorityId,
    profileId: 'ocsp-responder',
    origin: `responder:${authorityId}`,
    subjectPublicKeyInfo: signer.subjectPublicKeyInfo,
    subject: { organization, serviceName: `OCSP Responder ${authorityId}` },
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
