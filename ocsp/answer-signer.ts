import type { OcspRequest } from '../pki/ocsp-request.ts';
import { encodeOcspResponse } from '../pki/ocsp-response.ts';
import { buildResponseData } from './build-response-data.ts';
import type { AnswerTimes, NeverIssuedAnswer } from './build-response-data.ts';
import type { AnsweringAuthority } from './hosted-authority.ts';
import { OcspError } from './ocsp-error.ts';
import type { ResponderKey } from './responder-key.ts';

/** A signed answer, and what of the index it tells. */
export interface SignedAnswer extends AnswerTimes {
  /** OCSPResponse, DER. */
  body: Buffer;
  /** Of each requested certificate: its place in the index (−1: never issued) and the number of its last change. */
  places: number[];
  changeNumbers: number[];
  /** Whether all of them are good. */
  isGood: boolean;
}

/** Signatures asked of keys at once; beyond, clients are told to come back instead of being made to wait. */
const SIGNATURES_IN_FLIGHT_MAX = 1024;

/** Builds and signs answers. */
export class AnswerSigner {
  readonly #neverIssued: NeverIssuedAnswer;
  #inFlight = 0;

  constructor(neverIssued: NeverIssuedAnswer) {
    this.#neverIssued = neverIssued;
  }

  /**
   * Signs what the index says; undefined when that changed while the key was at work, for then the answer must not leave
   * the house. Rejects with OcspError `overloaded`, or as the key does.
   */
  async sign(
    request: OcspRequest,
    { index, archiveCutoff }: AnsweringAuthority,
    key: ResponderKey,
    times: AnswerTimes,
  ): Promise<SignedAnswer | undefined> {
    const places = request.requests.map(({ certId }) => index.find(certId.serialNumber));
    const changeNumbers = places.map((place) => index.changeNumberAt(place));
    const isGood = places.every((place) => place >= 0 && index.statusAt(place).kind === 'good');
    const { thisUpdate, producedAt } = times;
    // Nothing that the responder says outlives the certificate that authorizes it to say it.
    const { notAfter } = key.certificate;
    const nextUpdate = times.nextUpdate > notAfter ? notAfter : times.nextUpdate;
    const tbsResponseData = buildResponseData({
      request,
      index,
      places,
      thisUpdate,
      nextUpdate,
      producedAt,
      responderKeyHash: key.keyHash,
      archiveCutoff,
      neverIssued: this.#neverIssued,
    });
    const signature = await this.#signature(key, tbsResponseData);
    const isOutdated = request.requests.some(
      ({ certId }, at) => index.changeNumberAt(index.find(certId.serialNumber)) !== changeNumbers[at],
    );
    if (isOutdated) return undefined;
    const { signatureAlgorithm, certificates } = key;
    const body = encodeOcspResponse({ tbsResponseData, signatureAlgorithm, signature, certificates });
    return { body, places, changeNumbers, isGood, thisUpdate, nextUpdate, producedAt };
  }

  async #signature(key: ResponderKey, tbsResponseData: Buffer): Promise<Buffer> {
    if (this.#inFlight >= SIGNATURES_IN_FLIGHT_MAX) {
      throw new OcspError('overloaded', `${this.#inFlight} signatures are waited for already`);
    }
    this.#inFlight += 1;
    try {
      return await key.signer.sign(tbsResponseData);
    } finally {
      this.#inFlight -= 1;
    }
  }
}
