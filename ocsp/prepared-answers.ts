import type { OcspAnswer } from './ocsp-answer.ts';

/** A signed answer and the change of its certificate that it tells of. */
export interface PreparedAnswer {
  answer: Required<Pick<OcspAnswer, 'status' | 'body' | 'cacheable'>>;
  /** Place of the certificate in its authority's index. */
  place: number;
  changeNumber: number;
  /** Whether it was given to somebody since it was signed; the one field that changes. */
  isAsked: boolean;
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

  /** What others wait for already: a slow key signs the same answer once. */
  inPreparation(certId: string): Promise<OcspAnswer | undefined> | undefined {
    return this.#inPreparation.get(certId);
  }

  /** Lets others join those who wait for this answer, until it is there. */
  share(certId: string, preparing: Promise<OcspAnswer | undefined>): Promise<OcspAnswer | undefined> {
    const shared = preparing.finally(() => this.#inPreparation.delete(certId));
    this.#inPreparation.set(certId, shared);
    return shared;
  }
}
