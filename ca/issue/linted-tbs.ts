import { CaError } from '../ca-error.ts';
import type { LintReport } from '../lint/lint.ts';
import type { BuiltTbs } from './build-tbs-certificate.ts';
import type { HolderClaim } from './certificate-store.ts';
import type { JudgedAttestation } from './judge-attestation.ts';
import type { IssuanceRequest } from './issuance-request.ts';

/**
 * Proof that these TBS bytes were linted for one issuer. Only `prepare-certificate.ts` makes one, it works for the
 * issuer that prepared it, and once: issuing from a forged, foreign or used token is refused.
 */
export interface LintedTbs {
  readonly request: IssuanceRequest;
  readonly profileVersion: number;
  /** Of signing certificates. */
  readonly holder?: HolderClaim;
  /** Of keys that were shown to be somewhere. */
  readonly attestation?: JudgedAttestation;
  readonly tbs: BuiltTbs;
  readonly reports: readonly LintReport[];
}

/** The tokens of one issuer. */
export class LintedTbsRegister {
  admit(token: LintedTbs): LintedTbs {
    return Object.freeze(new AdmittedTbs(token, this));
  }

  consume(token: LintedTbs): void {
    AdmittedTbs.consume(token, this);
  }
}

/** What makes it a token lies where nobody else can write, and a copy does not have it. */
class AdmittedTbs implements LintedTbs {
  readonly request: IssuanceRequest;
  readonly profileVersion: number;
  readonly holder?: HolderClaim;
  readonly attestation?: JudgedAttestation;
  readonly tbs: BuiltTbs;
  readonly reports: readonly LintReport[];
  readonly #register: LintedTbsRegister;
  #isUsed = false;

  constructor(
    { request, profileVersion, holder, attestation, tbs, reports }: LintedTbs,
    register: LintedTbsRegister,
  ) {
    this.request = request;
    this.profileVersion = profileVersion;
    if (holder) this.holder = holder;
    if (attestation) this.attestation = attestation;
    this.tbs = tbs;
    this.reports = reports;
    this.#register = register;
  }

  static consume(token: LintedTbs, register: LintedTbsRegister): void {
    if (!(#register in token) || token.#register !== register)
      throw new CaError('token-foreign', 'this token was not prepared by this issuer');
    if (token.#isUsed) throw new CaError('token-used', 'this token has issued its certificate already');
    token.#isUsed = true;
  }
}
