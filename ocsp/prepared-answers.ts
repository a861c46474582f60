import type { OcspAnswer } from './ocsp-answer.ts';

/** A signed answer and the change of its certificate that it tells of. */
export interface PreparedAnswer {
  answer: Required<OcspAnswer>;
  /** Place of the certificate in its authority's index. */
  place: number;
  changeNumber: number;
}

/** About 2 KB each with an RSA-2048 responder certificate: at most some 32 MB a key. */
const PREPARED_MAX = 16_384;

/**
 * Answers to plain requests that one responder key has signed, by CertID. Whether one still stands is for the caller to
 * check against the index; a key that is taken out of use takes its answers with it.
 */
export class PreparedAnswers {
  readonly #prepared = new Map<string, PreparedAnswer>();
  readonly #inPreparation = new Map<string, Promise<OcspAnswer | undefined>>();

  get(certId: string): PreparedAnswer | undefined {
    return this.#prepared.get(certId);
  }

  /** Keeps an answer; the one that was put in first gives way when there are too many. */
  put(certId: string, prepared: PreparedAnswer): void {
    this.#prepared.delete(certId);
    this.#prepared.set(certId, prepared);
    if (this.#prepared.size <= PREPARED_MAX) return;
    for (const oldest of this.#prepared.keys()) {
      this.#prepared.delete(oldest);
      return;
    }
  }

  /** Joins those who wait for the same answer: a slow key signs it once. */
  prepareOnce(
    certId: string,
    prepare: () => Promise<OcspAnswer | undefined>,
  ): Promise<OcspAnswer | undefined> {
    const under = this.#inPreparation.get(certId);
    if (under) return under;
    const preparing = prepare().finally(() => this.#inPreparation.delete(certId));
    this.#inPreparation.set(certId, preparing);
    return preparing;
  }
}
