import { randomBytes } from 'node:crypto';

import * as asn1 from '../pki/der/encode.ts';
import { digestOid } from '../pki/digest-algorithm.ts';
import type { DigestName } from '../pki/digest-algorithm.ts';
import type { TimeStampRequest } from '../pki/tsp/time-stamp-request.ts';
import { encodeGrantedTimeStamp, encodeTimeStampRejection } from '../pki/tsp/time-stamp-response.ts';
import type { TimeStampFailure } from '../pki/tsp/time-stamp-response.ts';
import { encodeTstInfo } from '../pki/tsp/tst-info.ts';
import { judgeRequest } from './judge-request.ts';
import { signToken } from './sign-token.ts';
import type { TimeStampingUnit } from './time-stamping-unit.ts';
import type { TrustedTime } from './trusted-time.ts';
import { FAILURE_OF, TsaError } from './tsa-error.ts';

export interface TimeStampAuthorityOptions {
  /** The unit to stamp with now; rejects with TsaError `time-stamping-unit-missing` when there is none. */
  unit: () => Promise<TimeStampingUnit>;
  time: TrustedTime;
  /** Object identifier of the policy that it stamps under. */
  policy: string;
  accuracyMilliseconds: number;
  /** Told of each token. */
  onStamp?: (token: Buffer, genTime: Date) => void;
  /** Told of what is no refusal: a key that is away, a database. */
  onFault?: (cause: unknown) => void;
}

/** What comes of a request; `body` is a TimeStampResp in DER. */
export interface TimeStampAnswer {
  outcome: 'granted' | TimeStampFailure;
  body: Buffer;
}

/** 134 random bits: two of the highest octet are fixed, so that it is positive and of one length. */
const SERIAL_OCTETS = 17;

/** A time-stamping authority (RFC 3161). */
export class TimeStampAuthority {
  readonly #options: TimeStampAuthorityOptions;

  constructor(options: TimeStampAuthorityOptions) {
    this.#options = options;
  }

  /** Answers a TimeStampReq in DER; whatever goes wrong is in the answer. */
  async answer(request: Uint8Array): Promise<TimeStampAnswer> {
    try {
      const token = await this.#grant(judgeRequest(request, this.#options.policy));
      return { outcome: 'granted', body: encodeGrantedTimeStamp(token) };
    } catch (error) {
      if (error instanceof TsaError) return rejection(FAILURE_OF[error.code], error.detail);
      this.#options.onFault?.(error);
      return rejection('systemFailure', 'no time stamp can be made at the moment');
    }
  }

  /** A token with certificates over a hash, for this house itself; rejects with TsaError or what the key refuses with. */
  stamp(digest: DigestName, hash: Uint8Array): Promise<Buffer> {
    return this.#grant({ digestOid: digestOid(digest), hash: Buffer.from(hash), certReq: true });
  }

  async #grant(request: Omit<TimeStampRequest, 'version' | 'extensions'>): Promise<Buffer> {
    const { unit: currentUnit, time, policy, accuracyMilliseconds, onStamp } = this.#options;
    const unit = await currentUnit();
    const { digestOid: algorithm, digestParameters, hash, nonce, certReq } = request;
    const genTime = await time.next();
    const tstInfo = encodeTstInfo({
      policy,
      digestOid: algorithm,
      ...(digestParameters && { digestParameters }),
      hash,
      serialNumber: newSerialNumber(),
      genTime,
      accuracyMilliseconds,
      // Every token of this unit's key has a later genTime than those before it, over restarts too (TrustedTime).
      ordering: true,
      ...(nonce && { nonce }),
      tsa: asn1.explicit(4, unit.certificate.subject.bytes),
    });
    const token = await signToken(unit, tstInfo, certReq);
    onStamp?.(token, genTime);
    return token;
  }
}

function newSerialNumber(): Buffer {
  const serial = randomBytes(SERIAL_OCTETS);
  serial[0] = 0x40 | (serial[0] & 0x3f);
  return serial;
}

function rejection(failure: TimeStampFailure, text: string): TimeStampAnswer {
  return { outcome: failure, body: encodeTimeStampRejection(failure, text) };
}
