import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { systemClock } from '../../core/clock.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { nonceExtension } from '../../pki/ocsp-extensions.ts';
import { encodeOcspRequest } from '../../pki/ocsp-request.ts';
import { readVerified } from './fixture-ocsp.ts';
import type { IssuedDoctor } from './issue-doctor.ts';

interface ObservedAnswer {
  doctor: IssuedDoctor;
  kind: 'good' | 'revoked' | 'unknown';
  /** Milliseconds of the clock that all processes here share. */
  askedAt: number;
  thisUpdate: number;
}

interface ObservedFailure {
  at: number;
  reason: string;
}

/** When a revocation was asked for and when it was acknowledged, by the same clock. */
export interface ObservedRevocation {
  asked: number;
  done?: number;
}

const LANES = 6;
const PAUSE_MILLISECONDS = 40;
const ANSWER_MILLISECONDS_MAX = 15_000;

/** Asks about doctors again and again, by POST and GET, with and without nonce, and remembers what it was told when. */
export class OcspLoad {
  readonly answers: ObservedAnswer[] = [];
  readonly failures: ObservedFailure[] = [];
  readonly revocations = new Map<IssuedDoctor, ObservedRevocation>();
  /** Longest time between two answers that verified. */
  longestSilence = 0;
  readonly #options: { url: string; issuer: Certificate; doctors: readonly IssuedDoctor[] };
  #lastAnswerAt: number | undefined;

  constructor(options: { url: string; issuer: Certificate; doctors: readonly IssuedDoctor[] }) {
    this.#options = options;
  }

  /** Resolves when the signal was aborted and every question has its answer. */
  async run(signal: AbortSignal): Promise<void> {
    const { doctors } = this.#options;
    const lane = async (number: number) => {
      for (let turn = number; !signal.aborted; turn += LANES) {
        await this.#observe(doctors[turn % doctors.length], turn);
        await delay(PAUSE_MILLISECONDS);
      }
    };
    await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
  }

  async statusOf(doctor: IssuedDoctor): Promise<ObservedAnswer['kind']> {
    return (await this.#ask(doctor, 0)).status.kind;
  }

  getUrl(doctor: IssuedDoctor, nonce?: Buffer): string {
    return `${this.#options.url}/${encodeURIComponent(this.#request(doctor, nonce).toString('base64'))}`;
  }

  /** Answers that contradict the time that they state: good although revoked before it, or revoked before anybody asked for that. */
  wrongAnswers(): object[] {
    return this.answers
      .filter(({ doctor, kind, thisUpdate, askedAt }) => {
        const revocation = this.revocations.get(doctor);
        if (kind === 'good') return revocation?.done !== undefined && thisUpdate >= revocation.done;
        return kind === 'unknown' || !revocation || askedAt + ANSWER_MILLISECONDS_MAX < revocation.asked;
      })
      .map((answer) => this.#told(answer));
  }

  /** Answers to questions that were put so much later than the revocation was acknowledged, and say good all the same. */
  lateAnswers(millisecondsMax: number): object[] {
    return this.answers
      .filter(({ doctor, kind, askedAt }) => {
        const done = this.revocations.get(doctor)?.done;
        return kind === 'good' && done !== undefined && askedAt > done + millisecondsMax;
      })
      .map((answer) => this.#told(answer));
  }

  /** The longest time after an acknowledged revocation at which a question was still answered with good. */
  get latestGood(): number {
    const delays = this.answers.map(({ doctor, kind, askedAt }) =>
      kind === 'good' ? askedAt - (this.revocations.get(doctor)?.done ?? Infinity) : -Infinity,
    );
    return Math.max(0, ...delays);
  }

  #told({ doctor, kind, askedAt, thisUpdate }: ObservedAnswer): object {
    return { kind, askedAt, thisUpdate, ...this.revocations.get(doctor) };
  }

  async #observe(doctor: IssuedDoctor, turn: number): Promise<void> {
    const askedAt = now();
    try {
      const { status, thisUpdate } = await this.#ask(doctor, turn);
      this.answers.push({ doctor, kind: status.kind, askedAt, thisUpdate: thisUpdate.getTime() });
      this.longestSilence = Math.max(this.longestSilence, now() - (this.#lastAnswerAt ?? now()));
      this.#lastAnswerAt = now();
    } catch (error) {
      this.failures.push({ at: now(), reason: String(error) });
    }
  }

  /** Even turns by POST, odd ones by GET; each third with a nonce. */
  async #ask(doctor: IssuedDoctor, turn: number) {
    const { url, issuer } = this.#options;
    const nonce = turn % 3 === 0 ? randomBytes(32) : undefined;
    const signal = AbortSignal.timeout(ANSWER_MILLISECONDS_MAX);
    const response =
      turn % 2 === 0
        ? await fetch(url, {
            method: 'POST',
            headers: { 'content-type': 'application/ocsp-request' },
            body: new Uint8Array(this.#request(doctor, nonce)),
            signal,
          })
        : await fetch(this.getUrl(doctor, nonce), { signal });
    const body = Buffer.from(await response.arrayBuffer());
    if (response.status !== 200) throw new Error(`answered ${response.status}`);
    return readVerified(body, issuer).responses[0];
  }

  #request({ certificate }: IssuedDoctor, nonce?: Buffer): Buffer {
    const certId = encodeCertId('sha256', this.#options.issuer, certificate.serialNumber);
    return encodeOcspRequest([certId], nonce && [nonceExtension(nonce)]);
  }
}

function now(): number {
  return systemClock.now().getTime();
}
