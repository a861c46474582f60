import type { Clock } from '../core/clock.ts';
import { wholeSeconds } from '../core/clock.ts';
import { DomainError } from '../core/errors.ts';
import { parseOcspRequest } from '../pki/ocsp-request.ts';
import type { OcspRequest } from '../pki/ocsp-request.ts';
import { PkiError } from '../pki/pki-error.ts';
import { AnswerSigner } from './answer-signer.ts';
import type { NeverIssuedAnswer } from './build-response-data.ts';
import { openAuthority, replaceKeys } from './hosted-authority.ts';
import type { AnsweringAuthority, HostedAuthority } from './hosted-authority.ts';
import { IssuerTable } from './issuer-table.ts';
import { ERROR_ANSWERS } from './ocsp-answer.ts';
import type { OcspAnswer } from './ocsp-answer.ts';
import { OcspError } from './ocsp-error.ts';
import { REMAINING_SECONDS_MIN, plainAnswer, secondsBetween } from './plain-answer.ts';
import type { Moment } from './plain-answer.ts';
import { selectResponderKey } from './responder-key.ts';
import type { ResponderCredential } from './responder-key.ts';
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

  /** Throws OcspError for settings and credentials with which no right answer could be given. */
  constructor(options: OcspResponderOptions) {
    this.#status = options.status;
    this.#clock = options.clock;
    this.#onFault = options.onFault;
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

  /** Replaces an authority's keys between two answers; throws OcspError, and keeps the old ones, when a new one will not do. */
  useCredentials(authorityId: string, credentials: readonly ResponderCredential[]): void {
    const authority = this.#authorities.get(authorityId);
    if (!authority) throw new OcspError('authority-unknown', `${authorityId} is not hosted here`);
    replaceKeys(authority, credentials);
  }

  /**
   * Answers a request; given an authority's id, only for certificates of that one. Never rejects: what fails here is an
   * OCSPResponseStatus to the client.
   */
  async respond(requestBytes: Uint8Array, authorityId?: string): Promise<OcspAnswer> {
    try {
      const request = readRequest(requestBytes);
      if (!request) return ERROR_ANSWERS.malformedRequest;
      const authority = this.#authorityOf(request);
      if (!authority || (authorityId !== undefined && authority.id !== authorityId))
        return ERROR_ANSWERS.unauthorized;
      for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
        const answer = await this.#attempt(request, authority);
        if (answer) return answer;
      }
      return ERROR_ANSWERS.tryLater;
    } catch (error) {
      this.#onFault(error);
      // What was foreseen passes (a key or a source that is not to be had); what was not is a bug.
      return error instanceof DomainError ? ERROR_ANSWERS.tryLater : ERROR_ANSWERS.internalError;
    }
  }

  /** One responder cannot sign for two authorities (RFC 6960 §4.2.2.2): all CertIDs must mean the same one. */
  #authorityOf(request: OcspRequest): AnsweringAuthority | undefined {
    const [first, ...others] = request.requests.map(({ certId }) => this.#issuers.find(certId));
    return others.every((other) => other === first) ? first : undefined;
  }

  /** Undefined when a status changed while the answer was signed. */
  async #attempt(request: OcspRequest, authority: AnsweringAuthority): Promise<OcspAnswer | undefined> {
    const moment = this.#moment();
    if (!moment) return ERROR_ANSWERS.tryLater;
    const key = selectResponderKey(authority.keys, request.preferredSignatureAlgorithms, moment);
    if (!key)
      throw new OcspError('responder-not-valid', `no responder certificate of ${authority.id} is valid`);
    const isPlain = !request.nonce && request.requests.length === 1;
    if (isPlain) return plainAnswer(request, authority, key, moment, this.#signer);
    const signed = await this.#signer.sign(request, authority, key, moment);
    return signed && { status: 'successful', body: signed.body };
  }

  /** The times of an answer given now; undefined when the status is not known to be current for too long already. */
  #moment(): Moment | undefined {
    const { confirmedAt } = this.#status;
    if (!confirmedAt) return undefined;
    const now = this.#clock.now();
    const thisUpdate = wholeSeconds(confirmedAt);
    const nextUpdate = new Date(thisUpdate.getTime() + this.#validitySeconds * 1000);
    if (secondsBetween(now, nextUpdate) < REMAINING_SECONDS_MIN) return undefined;
    return { now, thisUpdate, nextUpdate, producedAt: wholeSeconds(now) };
  }
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
