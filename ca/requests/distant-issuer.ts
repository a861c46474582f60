import type { AuditActor } from '../../audit/audit-event.ts';
import type { TransactionRunner } from '../../core/transaction.ts';
import type { CertificateIssuer } from '../issue/certificate-issuer.ts';
import type { CertificateStore, IssuedCertificate } from '../issue/certificate-store.ts';
import type { LintedTbs } from '../issue/linted-tbs.ts';
import { awaitAnswer } from './await-answer.ts';
import type { AskingHouse } from './await-answer.ts';
import { DistantRefusal } from './distant-refusal.ts';
import { encodeAskedIssuance } from './issuance-text.ts';

export interface DistantIssuerOptions extends AskingHouse {
  /** Says what the CA would issue: it has the profiles and the CAs' certificates, and no key of theirs. */
  preflight: Pick<CertificateIssuer, 'prepare' | 'consume' | 'factsOf' | 'holderRefusals'>;
  certificates: CertificateStore;
  transactions: TransactionRunner;
}

/**
 * Issues by asking a CA in another process. What it prepares here shows early what would be refused; the CA prepares, lints and
 * verifies everything again, and believes nothing of it.
 */
export class DistantIssuer implements Pick<
  CertificateIssuer,
  'prepare' | 'factsOf' | 'holderRefusals' | 'issue' | 'resume'
> {
  readonly #options: DistantIssuerOptions;

  constructor(options: DistantIssuerOptions) {
    this.#options = options;
  }

  prepare(...request: Parameters<CertificateIssuer['prepare']>): Promise<LintedTbs> {
    return this.#options.preflight.prepare(...request);
  }

  factsOf(...token: Parameters<CertificateIssuer['factsOf']>): ReturnType<CertificateIssuer['factsOf']> {
    return this.#options.preflight.factsOf(...token);
  }

  holderRefusals(
    ...tokens: Parameters<CertificateIssuer['holderRefusals']>
  ): ReturnType<CertificateIssuer['holderRefusals']> {
    return this.#options.preflight.holderRefusals(...tokens);
  }

  /** Throws what `consume` throws, and DistantRefusal. */
  async issue(token: LintedTbs, actor: AuditActor): Promise<IssuedCertificate> {
    const { preflight, certificates, transactions } = this.#options;
    const { spkiSha256 } = preflight.consume(token);
    const { request } = token;
    const { authorityId, origin } = request;
    const content = encodeAskedIssuance({ request, actor });
    await awaitAnswer(this.#options, { kind: 'issue', authorityId, origin, spkiSha256, content });
    const issued = await transactions.transaction((tx) => certificates.findByKey(tx, spkiSha256));
    if (issued) return issued;
    throw new DistantRefusal(
      'ca-silent',
      'a certificate that the CA says it has issued is not there yet',
      true,
    );
  }

  /** Nothing: whoever holds the keys completes what was left open. */
  async resume(): Promise<IssuedCertificate[]> {
    return [];
  }

  /** Rejects unless a CA process answers now, and the key of this CA signs. */
  async assertSigns(authorityId: string): Promise<void> {
    await awaitAnswer(this.#options, { kind: 'readiness', authorityId });
  }
}
