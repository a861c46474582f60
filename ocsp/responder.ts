import type { Clock } from '../core/clock.ts';
import { wholeSeconds } from '../core/clock.ts';
import { DomainError } from '../core/errors.ts';
import { parseOcspRequest } from '../pki/ocsp-request.ts';
import type { OcspRequest } from '../pki/ocsp-request.ts';
import { PkiError } from '../pki/pki-error.ts';
import { AnswerSigner } from './answer-signer.ts';
import type { SignedAnswer } from './answer-signer.ts';
import type { NeverIssuedAnswer } from './build-response-data.ts';
import type { HotAnswer } from './hot-set.ts';
import { openAuthority, replaceKeys } from './hosted-authority.ts';
import type { AnsweringAuthority, HostedAuthority } from './hosted-authority.ts';
import { IssuerTable } from './issuer-table.ts';
import { ERROR_ANSWERS, OVERLOADED_ANSWER } from './ocsp-answer.ts';
import type { OcspAnswer } from './ocsp-answer.ts';
import { OcspError } from './ocsp-error.ts';
import { REMAINING_SECONDS_MIN, plainAnswer, secondsBetween } from './plain-answer.ts';
import type { Moment } from './plain-answer.ts';
import { prepareAhead } from './prepare-ahead.ts';
import type { Preparation } from './prepare-ahead.ts';
import { selectResponderKey } from './responder-key.ts';
import type { ResponderCredential, ResponderKey } from './responder-key.ts';
import type { StatusView } from './status-view.ts';

export interface OcspResponderOptions {
  authorities: readonly HostedAuthority[];
  status: StatusView;
  clock: Clock;
  /** What stands behind an internalError or tryLater; the client does not see it. */
  onFault: (error: unknown) => void;
  /** nextUpdate − thisUpdate: also how long a node that has lost its source goes on answering. Default 600. */
  validitySeconds?: number;
  /** Default `extended-revoke`. */
  neverIssued?: NeverIssuedAnswer;
  /** Told of each certificate whose answer somebody had to wait for: what the hot set is made of. */
  onAsked?: (hot: HotAnswer) => void;
}

const VALIDITY_SECONDS = 600;

/** A status that changes while its answer is signed makes the signature void; so often in a row it does not change. */
const ATTEMPTS_MAX = 3;

/** Answers OCSP requests for the authorities that it hosts (RFC 6960, 5019, 9654). */
export class OcspResponder {
  readonly #status: StatusView;
  readonly #clock: Clock;
  readonly #onFault: (error: unknown) => void;
  readonly #validitySeconds: number;
  readonly #authorities: ReadonlyMap<string, AnsweringAuthority>;
  readonly #issuers: IssuerTable<AnsweringAuthority>;
  readonly #signer: AnswerSigner;
  readonly #onAsked: (hot: HotAnswer) => void;
  #turnedAway = 0;

  /** Throws OcspError for settings and credentials with which no right answer could be given. */
  constructor(options: OcspResponderOptions) {
    this.#status = options.status;
    this.#clock = options.clock;
    this.#onFault = options.onFault;
    this.#onAsked = options.onAsked ?? (() => undefined);
    this.#validitySeconds = checkedValidity(options.validitySeconds ?? VALIDITY_SECONDS);
    this.#authorities = new Map(
      options.authorities.map((hosted) => [hosted.id, openAuthority(hosted, options.status)]),
    );
    this.#issuers = new IssuerTable(this.#authorities.values());
    this.#signer = new AnswerSigner(options.neverIssued ?? 'extended-revoke');
  }

  hosts(authorityId: string): boolean {
    return this.#authorities.has(authorityId);
  }

  /** Whether the status is known to be current enough to answer from; otherwise requests get tryLater. */
  get isCurrent(): boolean {
    return this.#moment() !== undefined;
  }

  /** Requests that were turned away because more signatures were asked for than the keys make. */
  get turnedAway(): number {
    return this.#turnedAway;
  }

  /** Replaces an authority's keys between two answers; throws OcspError, and keeps the old ones, when a new one will not do. */
  useCredentials(authorityId: string, credentials: readonly ResponderCredential[]): void {
    const authority = this.#authorities.get(authorityId);
    if (!authority) throw new OcspError('authority-unknown', `${authorityId} is not hosted here`);
    replaceKeys(authority, credentials);
  }

  /** Signs an answer of the hot set before it is asked for, unless there is a young one; rejects as the key does. */
  async prepareAhead(hot: HotAnswer): Promise<Preparation> {
    const [authority, moment] = [this.#authorities.get(hot.authorityId), this.#moment()];
    if (!authority) return { isGone: true, isSigned: false, isAsked: false };
    // With a status that is not current nothing can be said ahead; it may be in a moment.
    if (!moment) return { isGone: false, isSigned: false, isAsked: false };
    return prepareAhead(hot, authority, moment, this.#plain());
  }

  /** As `answer`, for callers that wait in any case. */
  async respond(requestBytes: Uint8Array, authorityId?: string): Promise<OcspAnswer> {
    return this.answer(requestBytes, authorityId);
  }

  /**
   * Answers a request; given an authority's id, only for certificates of that one. At once where the answer is prepared or
   * the key is of this process. Never throws or rejects: what fails here is an OCSPResponseStatus to the client.
   */
  answer(requestBytes: Uint8Array, authorityId?: string): OcspAnswer | Promise<OcspAnswer> {
    try {
      const request = readRequest(requestBytes);
      if (!request) return ERROR_ANSWERS.malformedRequest;
      const authority = this.#authorityOf(request);
      if (!authority || (authorityId !== undefined && authority.id !== authorityId))
        return ERROR_ANSWERS.unauthorized;
      const first = this.#attempt(request, authority);
      if (!(first instanceof Promise)) return first ?? ERROR_ANSWERS.tryLater;
      return this.#insist(first, request, authority).catch((error: unknown) => this.#faulty(error));
    } catch (error) {
      return this.#faulty(error);
    }
  }

  /** An answer that a change overtook is not given: it is made anew. */
  async #insist(
    first: Promise<OcspAnswer | undefined>,
    request: OcspRequest,
    authority: AnsweringAuthority,
  ): Promise<OcspAnswer> {
    let answer = await first;
    for (let attempt = 1; !answer && attempt < ATTEMPTS_MAX; attempt += 1)
      answer = await this.#attempt(request, authority);
    return answer ?? ERROR_ANSWERS.tryLater;
  }

  #faulty(error: unknown): OcspAnswer {
    // Being full is no fault that somebody has to hear of a thousand times a second; who asked is told to come back.
    if (error instanceof OcspError && error.code === 'overloaded') {
      this.#turnedAway += 1;
      return OVERLOADED_ANSWER;
    }
    this.#onFault(error);
    // What was foreseen passes (a key or a source that is not to be had); what was not is a bug.
    return error instanceof DomainError ? ERROR_ANSWERS.tryLater : ERROR_ANSWERS.internalError;
  }

  /** One responder cannot sign for two authorities (RFC 6960 §4.2.2.2): all CertIDs must mean the same one. */
  #authorityOf(request: OcspRequest): AnsweringAuthority | undefined {
    const [first, ...others] = request.requests.map(({ certId }) => this.#issuers.find(certId));
    return others.every((other) => other === first) ? first : undefined;
  }

  /** Undefined when a status changed while the answer was signed. */
  #attempt(
    request: OcspRequest,
    authority: AnsweringAuthority,
  ): OcspAnswer | undefined | Promise<OcspAnswer | undefined> {
    const moment = this.#moment();
    if (!moment) return this.#lookUp(request, authority);
    const key = keyFor(request, authority, moment);
    const signer = this.#signer;
    const isPlain = !request.nonce && request.requests.length === 1;
    if (isPlain)
      return plainAnswer({ request, authority, key, moment, ...this.#plain(), onAsked: this.#onAsked });
    signer.assertRoom();
    const signed = signer.sign(request, authority, key, moment);
    return signed instanceof Promise ? signed.then(answerOf) : answerOf(signed);
  }

  /** Past an index that cannot be confirmed: the source itself says what it knows, for this answer alone. */
  async #lookUp(request: OcspRequest, authority: AnsweringAuthority): Promise<OcspAnswer> {
    const serialNumbers = request.requests.map(({ certId }) => certId.serialNumber);
    const found = await this.#status.lookUp(authority.id, serialNumbers);
    const moment = this.#moment(found?.confirmedAt);
    if (!found || !moment) return ERROR_ANSWERS.tryLater;
    const key = keyFor(request, authority, moment);
    this.#signer.assertRoom();
    const signed = await this.#signer.sign(request, { ...authority, index: found.index }, key, moment);
    return answerOf(signed) ?? ERROR_ANSWERS.tryLater;
  }

  #plain() {
    return { signer: this.#signer, clock: this.#clock, status: this.#status, onFault: this.#onFault };
  }

  /** The times of an answer given now; undefined when the status is not known to be current for too long already. */
  #moment(confirmedAt = this.#status.confirmedAt): Moment | undefined {
    if (!confirmedAt) return undefined;
    const now = this.#clock.now();
    // A clock that was set back: nothing is known of now until the source is asked again.
    if (confirmedAt > now) return undefined;
    const thisUpdate = wholeSeconds(confirmedAt);
    const nextUpdate = new Date(thisUpdate.getTime() + this.#validitySeconds * 1000);
    if (secondsBetween(now, nextUpdate) < REMAINING_SECONDS_MIN) return undefined;
    return { now, thisUpdate, nextUpdate, producedAt: wholeSeconds(now) };
  }
}

function keyFor(request: OcspRequest, authority: AnsweringAuthority, moment: Moment): ResponderKey {
  const key = selectResponderKey(authority.keys, request.preferredSignatureAlgorithms, moment);
  if (key) return key;
  throw new OcspError('responder-not-valid', `no responder certificate of ${authority.id} is valid`);
}

function answerOf(signed: SignedAnswer | undefined): OcspAnswer | undefined {
  return signed && { status: 'successful', body: signed.body };
}

function readRequest(bytes: Uint8Array): OcspRequest | undefined {
  try {
    return parseOcspRequest(bytes);
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

function checkedValidity(seconds: number): number {
  const secondsMin = 2 * REMAINING_SECONDS_MIN;
  if (Number.isSafeInteger(seconds) && seconds >= secondsMin) return seconds;
  throw new OcspError('setting-out-of-range', `validitySeconds ${seconds}, at least ${secondsMin}`);
}
