import { CaError } from '../ca-error.ts';
import type { LintReport } from '../lint/lint.ts';
import type { BuiltTbs } from './build-tbs-certificate.ts';
import type { IssuanceRequest } from './issuance-request.ts';

/**
 * Proof that these TBS bytes were linted for one issuer. Only `prepare-certificate.ts` makes one, it works for the
 * issuer that prepared it, and once: issuing from a forged, foreign or used token is refused.
 */
export interface LintedTbs {
  readonly request: IssuanceRequest;
  readonly profileVersion: number;
  readonly tbs: BuiltTbs;
  readonly reports: readonly LintReport[];
}

/** The tokens of one issuer. */
export class LintedTbsRegister {
  readonly #open = new WeakSet<LintedTbs>();
  readonly #used = new WeakSet<LintedTbs>();

  admit(token: LintedTbs): LintedTbs {
    const sealed = Object.freeze(token);
    this.#open.add(sealed);
    return sealed;
  }

  consume(token: LintedTbs): void {
    if (this.#used.has(token))
      throw new CaError('token-used', 'this token has issued its certificate already');
    if (!this.#open.delete(token))
      throw new CaError('token-foreign', 'this token was not prepared by this issuer');
    this.#used.add(token);
  }
}
