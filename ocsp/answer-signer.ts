import type { OcspRequest } from '../pki/ocsp-request.ts';
import { encodeOcspResponse } from '../pki/ocsp-response.ts';
import { buildResponseData } from './build-response-data.ts';
import type { AnswerTimes, NeverIssuedAnswer } from './build-response-data.ts';
import type { AnsweringAuthority } from './hosted-authority.ts';
import { OcspError } from './ocsp-error.ts';
import type { ResponderKey } from './responder-key.ts';
import { SigningLoad } from './signing-load.ts';

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

type Unsigned = Omit<SignedAnswer, 'body'> & { tbsResponseData: Buffer };

/** Builds and signs answers. */
export class AnswerSigner {
  readonly #neverIssued: NeverIssuedAnswer;
  readonly #load: SigningLoad;

  constructor(neverIssued: NeverIssuedAnswer, load = new SigningLoad()) {
    this.#neverIssued = neverIssued;
    this.#load = load;
  }

  /** False: who asks for one more signature waits too long. */
  get hasRoom(): boolean {
    return this.#load.hasRoom;
  }

  /** Throws OcspError `overloaded` when who asks for a signature now is better told to come back. */
  assertRoom(): void {
    if (!this.hasRoom) throw new OcspError('overloaded', 'more signatures are asked for than the keys make');
  }

  /**
   * Signs what the index says: at once with a key of this process, else in time. Undefined when the status changed while the
   * key was at work, for then the answer must not leave the house. Throws or rejects as the key does.
   */
  sign(
    request: OcspRequest,
    authority: AnsweringAuthority,
    key: ResponderKey,
    times: AnswerTimes,
  ): SignedAnswer | undefined | Promise<SignedAnswer | undefined> {
    const { signer } = key;
    const unsigned = this.#prepare(request, authority, key, times);
    // Nothing can change between look-up and signature where nothing is waited for.
    if (signer.signNow) {
      return complete(
        unsigned,
        key,
        this.#load.here(() => signer.signNow!(unsigned.tbsResponseData)),
      );
    }
    return this.#load
      .elsewhere(() => signer.sign(unsigned.tbsResponseData))
      .then((signature) =>
        isOutdated(request, authority, unsigned) ? undefined : complete(unsigned, key, signature),
      );
  }

  #prepare(
    request: OcspRequest,
    { index, archiveCutoff }: AnsweringAuthority,
    key: ResponderKey,
    times: AnswerTimes,
  ): Unsigned {
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
    return { places, changeNumbers, isGood, thisUpdate, nextUpdate, producedAt, tbsResponseData };
  }
}

function isOutdated(
  { requests }: OcspRequest,
  { index }: AnsweringAuthority,
  { changeNumbers }: Unsigned,
): boolean {
  return requests.some(
    ({ certId }, at) => index.changeNumberAt(index.find(certId.serialNumber)) !== changeNumbers[at],
  );
}

function complete(unsigned: Unsigned, key: ResponderKey, signature: Buffer): SignedAnswer {
  const { tbsResponseData, places, changeNumbers, isGood, thisUpdate, nextUpdate, producedAt } = unsigned;
  const { signatureAlgorithm, certificates } = key;
  const body = encodeOcspResponse({ tbsResponseData, signatureAlgorithm, signature, certificates });
  return { body, places, changeNumbers, isGood, thisUpdate, nextUpdate, producedAt };
}
