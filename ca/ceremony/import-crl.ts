import { wholeSeconds } from '../../core/clock.ts';
import type { Clock } from '../../core/clock.ts';
import type { Transaction, TransactionRunner } from '../../core/transaction.ts';
import { parseCertificate, publicKeyOf } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { StatusChange, StatusEvent } from '../../pki/certificate-status.ts';
import { isCertificateListSignedBy } from '../../pki/crl.ts';
import type { CertificateList } from '../../pki/crl.ts';
import type { RevokedCertificate } from '../../pki/crl-entry.ts';
import { nameText, sameName } from '../../pki/name.ts';
import type { AuthorityRecord } from '../authority/authority-store.ts';
import type { CrlScope } from '../crl/crl-scope.ts';
import type { CrlHead, CrlStore } from '../crl/crl-store.ts';
import { parsedExtensions } from '../lint/parsed-extensions.ts';
import { ACTIONS, statusDetails } from '../status/change-status.ts';
import type { NewStatusChange } from '../status/status-store.ts';
import { CeremonyError } from './ceremony-error.ts';
import type { AuthorityRegister } from './record-authority.ts';

export interface ImportCrlHouse extends AuthorityRegister {
  crls: CrlStore;
  transactions: TransactionRunner;
  clock: Clock;
}

export interface ImportCrlInputs {
  issuerId: string;
  list: CertificateList;
  /** SHA-256 of the reviewed file, for the audit event. */
  ceremonySha256: string;
}

const ACTOR = { kind: 'operator', id: 'ceremony' } as const;

/**
 * Publishes the complete CRL of an offline CA, and gives the CAs below it the status that it says. Resolves with the ids of
 * those whose status changed. Throws CeremonyError `authority-unknown`, `authority-online`, `issuer-mismatch`,
 * `signature-wrong`, `crl-scope`, `crl-number`, `validity`, `crl-entry` or `crl-entry-missing`.
 */
export async function importCrl(house: ImportCrlHouse, inputs: ImportCrlInputs): Promise<string[]> {
  const { issuerId, list } = inputs;
  const now = wholeSeconds(house.clock.now());
  const scope: CrlScope = { authorityId: issuerId, kind: 'complete' };
  const current = (await house.crls.heads()).find(
    (head) => head.scope.authorityId === issuerId && head.scope.kind === 'complete',
  );
  const crlNumber = assertNewer(list, current);
  return house.transactions.transaction(async (tx) => {
    const known = await house.authorities.listAuthorities(tx);
    const nextUpdate = assertOwnList(list, offlineIssuer(known, issuerId), now);
    const changed = await changeStatuses(house, tx, { known, issuerId, list, now });
    const der = [list.bytes];
    const times = { thisUpdate: list.thisUpdate, nextUpdate };
    // An offline CA's list is built from no change of ours.
    await house.crls.publish(tx, { scope, crlNumber, ...times, lastChangeNumber: 0, der });
    await house.audit.record(tx, {
      at: now,
      actor: ACTOR,
      action: 'import-crl',
      outcome: 'accepted',
      subject: `authority:${issuerId}`,
      details: { crlNumber, changed: changed.join(' '), ceremonySha256: inputs.ceremonySha256 },
    });
    return changed;
  });
}

/** Number and time only ever grow (RFC 5280 §5.2.3); returns the number. */
function assertNewer(list: CertificateList, current: CrlHead | undefined): number {
  const number = list.crlNumber === undefined ? NaN : Number(list.crlNumber);
  if (!Number.isSafeInteger(number)) {
    throw new CeremonyError('crl-number', `CRL number ${list.crlNumber ?? 'absent'} cannot be published`);
  }
  if (current && number <= current.crlNumber) {
    const detail = `CRL number ${number} is not above ${current.crlNumber}, which is published`;
    throw new CeremonyError('crl-number', detail);
  }
  if (current && list.thisUpdate < current.thisUpdate) {
    const detail = `the CRL is of ${list.thisUpdate.toISOString()}, the published one of ${current.thisUpdate.toISOString()}`;
    throw new CeremonyError('validity', detail);
  }
  return number;
}

function offlineIssuer(known: readonly AuthorityRecord[], issuerId: string): Certificate {
  const issuer = known.find(({ id }) => id === issuerId);
  if (!issuer) throw new CeremonyError('authority-unknown', `no authority ${issuerId} here`);
  if (issuer.keyReference !== undefined) {
    throw new CeremonyError('authority-online', `${issuerId} signs its CRLs here; none is imported`);
  }
  return parseCertificate(issuer.certificate);
}

/** RFC 5280 §6.3.3 for one complete list of its own issuer; returns nextUpdate. */
function assertOwnList(list: CertificateList, issuer: Certificate, now: Date): Date {
  const keyId = parsedExtensions(issuer).subjectKeyIdentifier;
  const isOtherKey = keyId && list.authorityKeyIdentifier && !keyId.equals(list.authorityKeyIdentifier);
  if (!sameName(list.issuer, issuer.subject) || isOtherKey) {
    const detail = `the CRL is of ${nameText(list.issuer)}, or of another key of ${nameText(issuer.subject)}`;
    throw new CeremonyError('issuer-mismatch', detail);
  }
  if (!isCertificateListSignedBy(list, publicKeyOf(issuer))) {
    throw new CeremonyError(
      'signature-wrong',
      `the CRL is not signed by the key of ${nameText(issuer.subject)}`,
    );
  }
  const unknown = [...list.unknownCritical, ...list.revokedCertificates.unknownCriticalExtensions];
  if (list.baseCrlNumber !== undefined || list.issuingDistributionPoint || unknown.length > 0) {
    throw new CeremonyError('crl-scope', 'the CRL is no complete list for all certificates of its issuer');
  }
  if (list.thisUpdate <= now && list.nextUpdate && list.nextUpdate > now) return list.nextUpdate;
  const span = `${list.thisUpdate.toISOString()} to ${list.nextUpdate?.toISOString() ?? 'no end'}`;
  throw new CeremonyError('validity', `the CRL is for ${span}, not for now`);
}

interface ListedBy {
  known: readonly AuthorityRecord[];
  issuerId: string;
  list: CertificateList;
  now: Date;
}

async function changeStatuses(
  house: ImportCrlHouse,
  tx: Transaction,
  { known, issuerId, list, now }: ListedBy,
): Promise<string[]> {
  const changed: string[] = [];
  for (const { id, certificate } of known.filter((one) => one.issuerId === issuerId)) {
    const { serialNumber } = parseCertificate(certificate);
    const history = await house.statuses.lockAndRead(tx, issuerId, serialNumber);
    const change = changeOf(id, history, list.revokedCertificates.find(serialNumber));
    if (!change) continue;
    const requestedBy = `crl:${issuerId}`;
    const subject = { authorityId: issuerId, serialNumber };
    const appended = await house.statuses.append(tx, { ...subject, requestedBy, ...change });
    await house.audit.record(tx, {
      at: now,
      actor: ACTOR,
      action: ACTIONS[change.event],
      outcome: 'accepted',
      subject: `certificate:${issuerId}/${serialNumber.toString('hex')}`,
      details: { ...statusDetails(appended), requestedBy },
    });
    changed.push(id);
  }
  return changed;
}

type Change = Omit<NewStatusChange, 'authorityId' | 'serialNumber' | 'requestedBy' | 'event'> & {
  event: Exclude<StatusEvent, 'issued'>;
};

/** What the list says of a CA that differs from what is known; a revocation that is gone from it is refused. */
function changeOf(
  id: string,
  history: readonly StatusChange[],
  entry: RevokedCertificate | undefined,
): Change | undefined {
  const last = history.at(-1);
  if (!last) return undefined;
  const wanted = eventOf(id, entry);
  if (last.event === 'revoked') {
    if (wanted === 'revoked') return undefined;
    throw new CeremonyError('crl-entry-missing', `${id} is revoked, and the CRL no longer says so`);
  }
  if (wanted === last.event || (wanted === 'released' && last.event === 'issued')) return undefined;
  const at = Math.max(last.effectiveAt.getTime(), entry?.revokedAt.getTime() ?? 0);
  return {
    event: wanted,
    effectiveAt: new Date(at),
    ...(entry && { reason: entry.reason }),
    ...(wanted === 'revoked' && entry?.invalidityDate && { invalidityDate: entry.invalidityDate }),
  };
}

/** The event that leads to what an entry says; no entry is `released`, which a certificate never held already is. */
function eventOf(id: string, entry: RevokedCertificate | undefined): Change['event'] {
  if (!entry) return 'released';
  if (entry.reason === 'removeFromCRL') {
    throw new CeremonyError('crl-entry', `${id} is listed as removeFromCRL, which only delta CRLs do`);
  }
  return entry.reason === 'certificateHold' ? 'held' : 'revoked';
}
