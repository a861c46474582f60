import { wholeSeconds } from '../../core/clock.ts';
import type { Transaction } from '../../core/transaction.ts';
import type { AuditActor } from '../../audit/audit-event.ts';
import { attestedSubject, encodeKeyAttestation } from '../../pki/attestation/key-attestation.ts';
import type { CertifiedFacts } from '../../pki/approval/approval-document.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { Authority, DeploymentNames } from '../authority/authority.ts';
import { assertOffered } from '../authority/offered-profiles.ts';
import { assertApproved, authorizationText, requiredAuthorization } from '../approval/assert-authorized.ts';
import { attestationIn } from '../approval/issuance-authorization.ts';
import {
  assertHolderSession,
  assertHolderSigned,
  assertNotHandedIn,
} from '../approval/assert-holder-signed.ts';
import { certifiedFacts } from '../approval/certified-facts.ts';
import { CaError } from '../ca-error.ts';
import { requiredProfile } from '../load-profiles.ts';
import type { Profile } from '../profile.ts';
import { buildTbsCertificate } from './build-tbs-certificate.ts';
import type { HolderClaim, IssuanceIntent, IssuedCertificate } from './certificate-store.ts';
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
import { IntentCompletion } from './intent-completion.ts';
import type { IntentCompletionOptions } from './intent-completion.ts';

export interface CertificateIssuerOptions extends IntentCompletionOptions {
  names: DeploymentNames;
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
 * Steps 5 to 7 are those of `IntentCompletion`, which completes open intents too.
 */
export class CertificateIssuer {
  readonly #options: CertificateIssuerOptions;
  readonly #tokens = new LintedTbsRegister();
  readonly #completion: IntentCompletion;
  readonly #namesByAuthority = new Map<string, DeploymentNames>();

  constructor(options: CertificateIssuerOptions) {
    this.#options = options;
    this.#completion = new IntentCompletion(options);
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

  /** The CA's own judgement of what came with the activation or renewal: whoever hands it over is not believed, and what does not hold is no hardware. */
  async #judged(
    { authorization, subjectPublicKeyInfo, origin, replaces }: IssuanceRequest,
    now: Date,
  ): Promise<JudgedAttestation | undefined> {
    const attestation = attestationIn(authorization);
    if (!attestation) return undefined;
    const sha256 = digest('sha256', encodeKeyAttestation(attestation));
    const { judgeAttestation } = this.#options;
    if (!judgeAttestation) return { sha256, verdict: { fault: 'attestation-not-configured' } };
    const subject = attestedSubject(origin, replaces);
    return { sha256, verdict: await judgeAttestation({ attestation, subjectPublicKeyInfo, subject, now }) };
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
    if (authorization?.kind !== 'holder-signature' && authorization?.kind !== 'holder-session') return;
    const replaced = await this.#replaced(tx, holder!, request, this.#options.clock.now());
    if (authorization.kind === 'holder-signature') assertHolderSigned(request, replaced, authorization);
    else assertHolderSession(this.#options, request, authorization);
    await assertNotHandedIn(tx, this.#options.readyDigests, request.replaces!, replaced, authorization);
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
      const details = {
        authorization: authorizationText(authorization!),
        ...(intent.attestation && attestationDetails(intent.attestation)),
      };
      const at = this.#options.clock.now();
      await this.#options.audit.record(
        tx,
        issuanceEvent('intend-certificate', intent, { at, actor, details }),
      );
    });
    return this.#completion.complete(intent, actor);
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

  /** `IntentCompletion.resume` of the intents that this issuer would complete. */
  async resume(...asked: Parameters<IntentCompletion['resume']>): Promise<IssuedCertificate[]> {
    return this.#completion.resume(...asked);
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
