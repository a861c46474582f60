import { wholeSeconds } from '../../core/clock.ts';
import type { Clock } from '../../core/clock.ts';
import type { Transaction, TransactionRunner } from '../../core/transaction.ts';
import type { AuditActor, AuditEvent } from '../../audit/audit-event.ts';
import type { AuditBatchLog } from '../../audit/audit-log.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { Authority } from '../authority/authority.ts';
import { CaError } from '../ca-error.ts';
import type { StatusBatchStore } from '../status/status-store.ts';
import type { CertificateIssuer } from './certificate-issuer.ts';
import type { CertificateBatchStore, IssuanceIntent, IssuedCertificate } from './certificate-store.ts';
import { INTENT_REFUSALS } from './intent-refusals.ts';
import { issuanceEvent } from './issuance-event.ts';
import type { LintedTbs } from './linted-tbs.ts';
import { signTbsCertificate } from './sign-tbs-certificate.ts';

export interface BulkIssuerOptions {
  issuer: Pick<CertificateIssuer, 'consume'>;
  authorities: ReadonlyMap<string, Authority>;
  certificates: CertificateBatchStore;
  statuses: StatusBatchStore;
  audit: AuditBatchLog;
  transactions: TransactionRunner;
  clock: Clock;
}

/** What the caller keeps beside certificates, written in the same transactions: there together or not at all. */
export interface BulkCompanion {
  /** With step 4. A DomainError from here refuses the whole batch, and nothing of it is left. */
  withIntents(tx: Transaction, intents: readonly IssuanceIntent[]): Promise<void>;
  /** With step 7. */
  withCertificates(tx: Transaction, certificates: readonly IssuedCertificate[]): Promise<void>;
}

export type BulkOutcome =
  { certificate: IssuedCertificate; refusal?: undefined } | { refusal: CaError; certificate?: undefined };

interface Issuable {
  token: LintedTbs;
  intent: IssuanceIntent;
}

/**
 * The steps of CertificateIssuer for a batch of its tokens: all intents in one transaction, all signatures, each of them
 * compared and verified, all certificates with their statuses and events in one transaction. A crash in between leaves open
 * intents as there, which the issuer's `resume` completes.
 */
export class BulkIssuer {
  readonly #options: BulkIssuerOptions;

  constructor(options: BulkIssuerOptions) {
    this.#options = options;
  }

  /**
   * Steps 4 to 7; one outcome for each token, in their order. A key or a serial number that is taken refuses its own row only.
   * Throws CaError `token-foreign`, `token-used`, `authorization-missing`, `authority-unknown` or `signature-wrong` for the batch.
   */
  async issueAll(
    tokens: readonly LintedTbs[],
    actor: AuditActor,
    companion?: BulkCompanion,
  ): Promise<BulkOutcome[]> {
    for (const { request } of tokens) {
      // Only the issuer of single certificates verifies an officer's signature.
      if (request.authorization?.kind !== 'campaign-exemption')
        throw new CaError('authorization-missing', 'batches are issued in campaigns only');
    }
    const batch = tokens.map((token): Issuable => ({ token, intent: this.#options.issuer.consume(token) }));
    const refusals = new Map<Issuable, CaError>();
    await this.#options.transactions.transaction(async (tx) => {
      refusals.clear();
      await this.#intend(tx, batch, refusals, actor, companion);
    });
    const intended = batch.filter((one) => !refusals.has(one));
    // One after the other would leave an HSM's other sessions idle; a signer in this process takes them in turn anyway.
    const certificates = await Promise.all(intended.map((one) => this.#sign(one)));
    await this.#options.transactions.transaction((tx) =>
      this.#record(tx, intended, certificates, actor, companion),
    );
    const issued = certificates.values();
    return batch.map((one) => {
      const refusal = refusals.get(one);
      return refusal ? { refusal } : { certificate: issued.next().value! };
    });
  }

  /** Step 4. */
  async #intend(
    tx: Transaction,
    batch: readonly Issuable[],
    refusals: Map<Issuable, CaError>,
    actor: AuditActor,
    companion: BulkCompanion | undefined,
  ): Promise<void> {
    const { certificates, audit } = this.#options;
    const outcomes = await certificates.recordIntents(
      tx,
      batch.map(({ intent }) => intent),
    );
    const recorded: IssuanceIntent[] = [];
    outcomes.forEach((outcome, index) => {
      if (outcome === 'recorded') recorded.push(batch[index].intent);
      else refusals.set(batch[index], new CaError(outcome, INTENT_REFUSALS[outcome]));
    });
    await companion?.withIntents(tx, recorded);
    await audit.recordAll(tx, this.#events('intend-certificate', recorded, actor));
  }

  /** Steps 5 and 6. */
  async #sign({ token: { tbs }, intent }: Issuable): Promise<IssuedCertificate> {
    const authority = this.#options.authorities.get(intent.authorityId);
    if (!authority)
      throw new CaError('authority-unknown', `no issuing CA ${intent.authorityId} in this process`);
    const bytes = await signTbsCertificate(intent.tbsCertificate, authority);
    return {
      authorityId: intent.authorityId,
      serialNumber: intent.serialNumber,
      bytes,
      sha256: digest('sha256', bytes),
      profileId: intent.profileId,
      origin: intent.origin,
      notBefore: tbs.notBefore,
      notAfter: tbs.notAfter,
      issuedAt: wholeSeconds(this.#options.clock.now()),
    };
  }

  /** Step 7. The history's counter is taken last: whoever else changes a status waits for one statement and the commit only. */
  async #record(
    tx: Transaction,
    intended: readonly Issuable[],
    certificates: readonly IssuedCertificate[],
    actor: AuditActor,
    companion: BulkCompanion | undefined,
  ): Promise<void> {
    const fingerprints = certificates.map(({ sha256, issuedAt }) => ({
      sha256: sha256.toString('hex'),
      effectiveAt: issuedAt.toISOString(),
    }));
    const intents = intended.map(({ intent }) => intent);
    await this.#options.certificates.recordCertificates(tx, certificates);
    await companion?.withCertificates(tx, certificates);
    await this.#options.audit.recordAll(tx, this.#events('issue-certificate', intents, actor, fingerprints));
    await this.#options.statuses.appendAll(
      tx,
      certificates.map(({ authorityId, serialNumber, issuedAt, origin }) => ({
        authorityId,
        serialNumber,
        event: 'issued' as const,
        effectiveAt: issuedAt,
        requestedBy: origin,
      })),
    );
  }

  #events(
    action: string,
    intents: readonly IssuanceIntent[],
    actor: AuditActor,
    details: readonly Record<string, string>[] = [],
  ): AuditEvent[] {
    const at = this.#options.clock.now();
    return intents.map((intent, index) =>
      issuanceEvent(action, intent, { at, actor, details: details[index] }),
    );
  }
}
