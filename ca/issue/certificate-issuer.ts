import type { Clock } from '../../core/clock.ts';
import { wholeSeconds } from '../../core/clock.ts';
import type { DomainError } from '../../core/errors.ts';
import type { Transaction, TransactionRunner } from '../../core/transaction.ts';
import type { AuditActor, AuditEvent } from '../../audit/audit-event.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import { certificateFingerprint, parseCertificate } from '../../pki/certificate.ts';
import { encodeKeyAttestation } from '../../pki/attestation/key-attestation.ts';
import type { CertifiedFacts } from '../../pki/approval/approval-document.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { Authority, DeploymentNames } from '../authority/authority.ts';
import { assertOffered } from '../authority/offered-profiles.ts';
import type { CheckAuthority } from '../authority/check-authority.ts';
import type { AttestationSources } from '../approval/assert-still-attested.ts';
import type { ApprovalCredentials } from '../approval/approval-credentials.ts';
import type { AuthorizationRecords } from '../approval/authorization-records.ts';
import { assertApproved, authorizationText, requiredAuthorization } from '../approval/assert-authorized.ts';
import { assertHolderSession, assertHolderSigned } from '../approval/assert-holder-signed.ts';
import { certifiedFacts } from '../approval/certified-facts.ts';
import { CaError } from '../ca-error.ts';
import { requiredProfile } from '../load-profiles.ts';
import type { Profiles } from '../load-profiles.ts';
import type { Profile } from '../profile.ts';
import type { StatusStore } from '../status/status-store.ts';
import { buildTbsCertificate } from './build-tbs-certificate.ts';
import type { CheckKey } from './check-key.ts';
import type {
  CertificateStore,
  HolderClaim,
  IssuanceIntent,
  IssuedCertificate,
} from './certificate-store.ts';
import { INTENT_REFUSALS } from './intent-refusals.ts';
import { attestationDetails, issuanceEvent } from './issuance-event.ts';
import type { IssuanceRequest } from './issuance-request.ts';
import type { JudgedAttestation } from './judge-attestation.ts';
import { lintBeforeSigning } from './lint-before-signing.ts';
import { LintedTbsRegister } from './linted-tbs.ts';
import type { LintedTbs } from './linted-tbs.ts';
import { assertRenewable } from './renewal-window.ts';
import type { ReplacedCertificate } from './renewal-window.ts';
import { ONE_CERTIFICATE_PER_HOLDER, holderClaimOf } from './one-certificate-per-holder.ts';
import { ResumeCheck } from './resume-check.ts';
import { signTbsCertificate } from './sign-tbs-certificate.ts';

export interface CertificateIssuerOptions extends AttestationSources {
  authorities: ReadonlyMap<string, Authority>;
  profiles: Profiles;
  names: DeploymentNames;
  certificates: CertificateStore;
  approvalCredentials: ApprovalCredentials;
  authorizationRecords: AuthorizationRecords;
  statuses: StatusStore;
  audit: AuditLog;
  transactions: TransactionRunner;
  clock: Clock;
  checkKey: CheckKey;
  checkAuthority: CheckAuthority;
  /** Whether the registration authority is believed that a holder asked over TLS to renew; absent: it is not. */
  believesHolderSessions?: boolean;
}

/**
 * Issues certificates in numbered steps. Each says what a crash right after it leaves:
 *
 * 1. check the key, apply the profile, build the TBS          – nothing
 * 2. sign it with a throw-away key and lint the result        – nothing
 * 3. hand out the token                                       – nothing
 * 4. persist the intent (serial, key, TBS) and its event      – an open intent, no signature
 * 5. sign the TBS bytes with the CA key                       – an open intent; a signature nobody has seen
 * 6. verify the signature and compare the TBS bytes           – as 5
 * 7. persist certificate, status `issued` and event together  – a complete certificate
 *
 * An open intent is completed by `resume`, which verifies again what it rests on and goes on at step 5 with the very bytes of the
 * intent, unless it may not be completed any more.
 */
export class CertificateIssuer {
  readonly #options: CertificateIssuerOptions;
  readonly #tokens = new LintedTbsRegister();
  readonly #resumeCheck: ResumeCheck;
  readonly #namesByAuthority = new Map<string, DeploymentNames>();

  constructor(options: CertificateIssuerOptions) {
    this.#options = options;
    this.#resumeCheck = new ResumeCheck(options);
  }

  /** Steps 1 to 3. Writes nothing and does not touch the CA key; throws CaError for what must not be issued. */
  async prepare(request: IssuanceRequest): Promise<LintedTbs> {
    const authority = this.#authority(request.authorityId);
    const profile = this.#profile(request.profileId, authority);
    // Holders ask a revoked CA's responder too, about what it issued before.
    if (profile.purpose !== 'ocsp-responder') await this.#options.checkAuthority(authority.id);
    await this.#options.checkKey(request.subjectPublicKeyInfo, profile.keyTypes);
    const now = this.#options.clock.now();
    const { algorithm } = authority.signer;
    const names = this.#names(authority);
    const attestation = await this.#judged(request, now);
    const tbs = buildTbsCertificate({
      profile,
      request,
      isAttested: attestation !== undefined && 'hardware' in attestation.verdict,
      names,
      issuer: authority,
      signatureAlgorithm: algorithm,
      now,
    });
    const reports = lintBeforeSigning(tbs.bytes, algorithm, authority.certificate, now, profile);
    const holder = holderClaimOf(profile, request, names);
    if (holder?.replaces)
      await this.#options.transactions.transaction((tx) => this.#replaced(tx, holder, request, now));
    return this.#tokens.admit({
      request,
      profileVersion: profile.version,
      tbs,
      reports,
      ...(holder && { holder }),
      ...(attestation && { attestation }),
    });
  }

  /** The CA's own judgement of what came with the activation: whoever hands it over is not believed, and what does not hold is no hardware. */
  async #judged(
    { authorization, subjectPublicKeyInfo, origin }: IssuanceRequest,
    now: Date,
  ): Promise<JudgedAttestation | undefined> {
    const attestation =
      authorization?.kind === 'approval' ? authorization.activation?.attestation : undefined;
    if (!attestation) return undefined;
    const sha256 = digest('sha256', encodeKeyAttestation(attestation));
    const { judgeAttestation } = this.#options;
    if (!judgeAttestation) return { sha256, verdict: { fault: 'attestation-not-configured' } };
    return { sha256, verdict: await judgeAttestation({ attestation, subjectPublicKeyInfo, origin, now }) };
  }

  /** A certificate of this holder and key store, and for a renewal one whose time has come. */
  async #replaced(
    tx: Transaction,
    holder: HolderClaim,
    { isRenewal }: IssuanceRequest,
    now: Date,
  ): Promise<ReplacedCertificate> {
    const replaced = await this.#options.certificates.findReplaced(tx, holder);
    if (!replaced)
      throw new CaError(
        'replaced-unknown',
        'the certificate to replace is none of this holder and key store',
      );
    if (isRenewal) assertRenewable(replaced, now);
    return replaced;
  }

  /** Looks at the signatures of an authorization that has some, against the very octets that are about to be signed. */
  async #assertSigned(tx: Transaction, token: LintedTbs): Promise<void> {
    const { request, holder } = token;
    const { authorization } = request;
    if (authorization?.kind === 'approval')
      await assertApproved(
        tx,
        {
          origin: request.origin,
          subjectPublicKeyInfo: request.subjectPublicKeyInfo,
          profile: this.#profileOf(token),
          actual: this.factsOf(token),
          now: this.#options.clock.now(),
        },
        authorization,
        this.#options.approvalCredentials,
      );
    if (authorization?.kind === 'holder-signature') {
      const now = this.#options.clock.now();
      assertHolderSigned(request, await this.#replaced(tx, holder!, request, now), authorization);
    }
    if (authorization?.kind === 'holder-session') {
      await this.#replaced(tx, holder!, request, this.#options.clock.now());
      assertHolderSession(this.#options, request, authorization);
    }
  }

  /**
   * One for each token, in their order: the refusal that step 4 would meet now since the holder has a certificate. Whether it
   * is met is decided there; two that ask at once both hear of nothing.
   */
  async holderRefusals(tokens: readonly LintedTbs[]): Promise<(CaError | undefined)[]> {
    const claims = tokens.flatMap(({ holder }) => holder ?? []);
    const served = await this.#options.transactions.transaction((tx) =>
      this.#options.certificates.servedHolders(tx, claims, this.#options.clock.now()),
    );
    const { code } = ONE_CERTIFICATE_PER_HOLDER;
    const answers = served.values();
    return tokens.map(({ holder }) =>
      holder && answers.next().value ? new CaError(code, INTENT_REFUSALS[code]) : undefined,
    );
  }

  /** What issuing of the token would certify: what an approval has to say. */
  factsOf(token: LintedTbs): CertifiedFacts {
    const { algorithm } = this.#authority(token.request.authorityId).signer;
    return certifiedFacts(token, this.#profileOf(token), algorithm);
  }

  /**
   * Steps 4 to 7, after the approval was verified in the transaction of step 4. Throws CaError `token-foreign`, `token-used`,
   * `serial-taken`, `approval-used`, `key-reused` or `holder-has-certificate`, and what `assertApproved` and `assertHolderSigned` throw.
   */
  async issue(token: LintedTbs, actor: AuditActor): Promise<IssuedCertificate> {
    const intent = this.consume(token);
    const { authorization } = token.request;
    await this.#options.transactions.transaction(async (tx) => {
      await this.#assertSigned(tx, token);
      const outcome = await this.#options.certificates.recordIntent(tx, intent);
      if (outcome !== 'recorded') throw new CaError(outcome, INTENT_REFUSALS[outcome]);
      await this.#record(tx, 'intend-certificate', intent, actor, {
        authorization: authorizationText(authorization!),
        ...(intent.attestation && attestationDetails(intent.attestation)),
      });
    });
    return this.#complete(intent, actor);
  }

  /**
   * Takes a token, once, for the intent of step 4; throws CaError `token-foreign`, `token-used` or `authorization-missing`. An
   * approval is still to be verified: `issue` does, and batches do not take one.
   */
  consume(token: LintedTbs): IssuanceIntent {
    this.#tokens.consume(token);
    const { request, tbs } = token;
    const authorization = requiredAuthorization(request, this.#profileOf(token));
    return {
      authorityId: request.authorityId,
      serialNumber: tbs.serialNumber,
      tbsCertificate: tbs.bytes,
      spkiSha256: digest('sha256', request.subjectPublicKeyInfo),
      profileId: request.profileId,
      profileVersion: token.profileVersion,
      origin: request.origin,
      intendedAt: wholeSeconds(this.#options.clock.now()),
      ...(token.holder && { holder: token.holder }),
      ...(token.attestation && { attestation: token.attestation }),
      ...(authorization.kind === 'approval' && { approvalSha256: digest('sha256', authorization.document) }),
    };
  }

  /**
   * Completes what a crash between steps 4 and 7 left; returns the certificates that were completed. With `concerns`, only
   * intents of its choice. An intent that may not be completed any more (its approval does not hold, its key was blocked since, its
   * CA was revoked or has expired) is closed, and `onRefused` told. Rejects when one cannot be completed, after it has tried all.
   */
  async resume(
    actor: AuditActor,
    concerns: (intent: IssuanceIntent) => boolean = () => true,
    onRefused: (intent: IssuanceIntent, refusal: DomainError) => void = () => undefined,
  ): Promise<IssuedCertificate[]> {
    const open = await this.#options.transactions.transaction((tx) =>
      this.#options.certificates.openIntents(tx),
    );
    const completed: IssuedCertificate[] = [];
    const failures: unknown[] = [];
    for (const intent of open) {
      if (!this.#options.authorities.has(intent.authorityId) || !concerns(intent)) continue;
      try {
        const refusal = await this.#resumeCheck.refusalOf(intent, this.#authority(intent.authorityId));
        if (!refusal) completed.push(await this.#complete(intent, actor));
        else if (await this.#close(intent, refusal, actor)) onRefused(intent, refusal);
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length === 1) throw failures[0];
    if (failures.length > 1) throw new AggregateError(failures, `${failures.length} intents stay open`);
    return completed;
  }

  /** False when somebody has completed or closed it meanwhile. */
  async #close(intent: IssuanceIntent, { code }: DomainError, actor: AuditActor): Promise<boolean> {
    const at = this.#options.clock.now();
    return this.#options.transactions.transaction(async (tx) => {
      const refusalCode = String(code);
      const isClosed = await this.#options.certificates.refuseIntent(tx, intent, { code: refusalCode, at });
      if (isClosed)
        await this.#options.audit.record(
          tx,
          issuanceEvent('complete-intent', intent, { at, actor, refusalCode }),
        );
      return isClosed;
    });
  }

  /** Where two processes complete one intent, the certificate of the first stands; nobody has seen the other signature. */
  async #complete(intent: IssuanceIntent, actor: AuditActor): Promise<IssuedCertificate> {
    const issued = await this.#sign(intent);
    return this.#options.transactions.transaction(async (tx) => {
      const standing = await this.#options.certificates.recordCertificate(tx, issued);
      if (standing) return standing;
      const { changeNumber, effectiveAt } = await this.#options.statuses.append(tx, {
        authorityId: issued.authorityId,
        serialNumber: issued.serialNumber,
        event: 'issued',
        effectiveAt: issued.issuedAt,
        requestedBy: intent.origin,
      });
      await this.#record(tx, 'issue-certificate', intent, actor, {
        sha256: issued.sha256.toString('hex'),
        changeNumber,
        effectiveAt: effectiveAt.toISOString(),
      });
      return issued;
    });
  }

  /** Steps 5 and 6. */
  async #sign(intent: IssuanceIntent): Promise<IssuedCertificate> {
    const bytes = await signTbsCertificate(intent.tbsCertificate, this.#authority(intent.authorityId));
    const certificate = parseCertificate(bytes);
    return {
      authorityId: intent.authorityId,
      serialNumber: certificate.serialNumber,
      bytes,
      sha256: certificateFingerprint(certificate),
      profileId: intent.profileId,
      origin: intent.origin,
      notBefore: certificate.notBefore,
      notAfter: certificate.notAfter,
      issuedAt: wholeSeconds(this.#options.clock.now()),
    };
  }

  async #record(
    tx: Parameters<AuditLog['record']>[0],
    action: string,
    intent: IssuanceIntent,
    actor: AuditActor,
    details: AuditEvent['details'] = {},
  ): Promise<void> {
    const at = this.#options.clock.now();
    await this.#options.audit.record(tx, issuanceEvent(action, intent, { at, actor, details }));
  }

  /** One object for each authority: what is encoded of it is kept by it. */
  #names(authority: Authority): DeploymentNames {
    let names = this.#namesByAuthority.get(authority.id);
    if (!names) {
      names = { ...this.#options.names, ...authority.names };
      this.#namesByAuthority.set(authority.id, names);
    }
    return names;
  }

  #authority(id: string): Authority {
    const authority = this.#options.authorities.get(id);
    if (!authority) throw new CaError('authority-unknown', `no issuing CA ${id} in this process`);
    return authority;
  }

  #profileOf({ request }: LintedTbs): Profile {
    return this.#profile(request.profileId, this.#authority(request.authorityId));
  }

  #profile(id: string, authority: Authority): Profile {
    const profile = requiredProfile(this.#options.profiles, id);
    assertOffered(authority, profile);
    return profile;
  }
}
