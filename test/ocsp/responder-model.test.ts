import fc from 'fast-check';
import t from 'tap';

import { OcspDesk } from '../../api/ocsp-front/ocsp-desk.ts';
import { CrlScheduler } from '../../ca/crl/crl-scheduler.ts';
import type { CrlScope } from '../../ca/crl/crl-scope.ts';
import { wholeSeconds } from '../../core/clock.ts';
import { DomainError } from '../../core/errors.ts';
import type { Signer } from '../../keys/signer.ts';
import { AnswerPreparer } from '../../ocsp/answer-preparer.ts';
import { HotSet } from '../../ocsp/hot-set.ts';
import type { ResponderCredential } from '../../ocsp/responder-key.ts';
import { parseCertificateList } from '../../pki/crl.ts';
import { parseCertHash, nonceExtension } from '../../pki/ocsp-extensions.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { parseOcspResponse } from '../../pki/ocsp-response.ts';
import type { OcspCertStatus, OcspSingleResponse } from '../../pki/ocsp-single-response.ts';
import { CE } from '../../pki/oid.ts';
import type { RevocationReason } from '../../pki/revocation-reason.ts';
import { FixtureOcsp, fixtureResponder, readVerified } from '../support/fixture-ocsp.ts';
import { memoryCrlHouse } from '../support/memory-crl-house.ts';
import type { MemoryCrlHouse } from '../support/memory-crl-house.ts';

const HOUR_SECONDS = 3600;
/** validitySeconds 600 less the minute that an answer must have left. */
const STALE_SECONDS_MAX = 540;

/** A certificate as the model sees it: a plain object, and all that may be said of it. */
interface Modelled {
  serialNumber: Buffer;
  certHash: Buffer;
  /** Status after each commit, with the number of commits at that moment. */
  history: { commits: number; status: OcspCertStatus }[];
}

type Step =
  | { act: 'issue'; lifeSeconds: number }
  | { act: 'hold' | 'release' | 'revoke'; of: number; reason: RevocationReason }
  | { act: 'pass'; seconds: number }
  | { act: 'catchUp' | 'prepare' | 'compare' }
  /** The source is gone; it tells single statuses only; it is a replica that hears nothing more; all is well. */
  | { act: 'lose' | 'stall' | 'lag' | 'find' }
  | { act: 'rollOver' | 'keyAway' | 'keyBack' }
  | {
      act: 'ask';
      of: number[];
      nonce: boolean;
      hashAlgorithm: DigestName;
      way: 'responder' | 'post' | 'get';
    };

/** Few certificates, so that each is asked for before and after its changes. */
const which = fc.nat(2);
const reason = fc.constantFrom<RevocationReason>(
  'unspecified',
  'keyCompromise',
  'superseded',
  'privilegeWithdrawn',
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('issue'),
      lifeSeconds: fc.integer({ min: -60, max: HOUR_SECONDS }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ act: fc.constantFrom('hold', 'release', 'revoke'), of: which, reason }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant('pass'), seconds: fc.oneof(fc.nat(5), fc.nat(700)) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constantFrom(
        'catchUp',
        'catchUp',
        'catchUp',
        'catchUp',
        'prepare',
        'lose',
        'stall',
        'lag',
        'find',
        'find',
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constantFrom('rollOver', 'keyAway', 'keyBack', 'compare') }) },
  {
    weight: 8,
    arbitrary: fc.record({
      act: fc.constant('ask'),
      of: fc.oneof(
        { weight: 3, arbitrary: fc.tuple(which) },
        fc.array(which, { minLength: 2, maxLength: 4 }),
      ),
      nonce: fc.constantFrom(false, false, true),
      hashAlgorithm: fc.constantFrom<DigestName>('sha256', 'sha256', 'sha1'),
      way: fc.constantFrom('responder', 'post', 'get'),
    }),
  },
);

t.test('every answer, after any changes, says what was committed and read last', async (t) => {
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 100, size: 'max' }), async (steps) => {
      const model = await Model.create();
      for (const one of steps) await model.take(one);
      await model.take({ act: 'compare' });
      asked += model.asked;
    }),
    { numRuns: 60 },
  );
  t.ok(asked > 500, `${asked} answers were compared`);
});

/** The simplest thing that could be right, beside the house. */
class Model {
  readonly #house: FixtureOcsp;
  readonly #desk: OcspDesk;
  readonly #preparer: AnswerPreparer;
  readonly #keys: readonly FlakyCredential[];
  readonly #crls: ModelledCrls;
  readonly #certificates: Modelled[] = [];
  #commits = 0;
  /** What a responder may know: commits up to the last read, and when that was. */
  #read = 0;
  #readAt: Date;
  asked = 0;

  private constructor(
    house: FixtureOcsp,
    hotSet: HotSet,
    keys: readonly FlakyCredential[],
    crls: ModelledCrls,
  ) {
    this.#house = house;
    this.#desk = new OcspDesk(house.responder);
    this.#preparer = new AnswerPreparer({
      hotSet,
      responder: house.responder,
      onFault: () => undefined,
      pause: async () => undefined,
    });
    this.#keys = keys;
    this.#crls = crls;
    this.#readAt = house.clock.now();
  }

  static async create(): Promise<Model> {
    const hotSet = new HotSet();
    const house = await FixtureOcsp.create({ onAsked: (hot) => hotSet.note(hot) });
    const keys = [house.bronze.responder, await fixtureResponder(house.bronze)].map(flaky);
    house.responder.useCredentials('bronze', [keys[0]]);
    return new Model(house, hotSet, keys, await ModelledCrls.open());
  }

  async take(step: Step): Promise<void> {
    const { clock, source, responder } = this.#house;
    switch (step.act) {
      case 'issue':
        return this.#issue(step.lifeSeconds);
      case 'hold':
      case 'release':
      case 'revoke':
        return this.#change(step.act, this.#certificates[step.of], step.reason);
      case 'pass':
        return clock.advanceSeconds(step.seconds);
      case 'lose':
      case 'stall':
      case 'lag':
      case 'find':
        source.failure = step.act === 'lose' ? new Error('connection refused') : undefined;
        source.followFailure = step.act === 'stall' ? new Error('canceling statement') : undefined;
        source.knownAt = step.act === 'lag' ? clock.now() : undefined;
        return;
      case 'keyAway':
      case 'keyBack':
        for (const { signer } of this.#keys) signer.isAway = step.act === 'keyAway';
        return;
      case 'rollOver':
        // The next one comes in beside the old one, which goes with the next step of this kind.
        this.#rolledOver += 1;
        return responder.useCredentials(
          'bronze',
          ROLLOVER[this.#rolledOver % 4].map((at) => this.#keys[at]),
        );
      case 'prepare':
        return this.#preparer.prepare();
      case 'catchUp':
        return this.#catchUp();
      case 'compare':
        return this.#compare();
      case 'ask':
        return this.#ask(step);
    }
  }

  #rolledOver = 0;

  #issue(lifeSeconds: number): void {
    const number = this.#certificates.length + 1;
    const [serialNumber, certHash] = [Buffer.alloc(16, number), Buffer.alloc(32, number)];
    const notAfter = new Date(this.#house.clock.now().getTime() + lifeSeconds * 1000);
    this.#certificates.push({ serialNumber, certHash, history: [] });
    this.#commit(
      this.#certificates[number - 1],
      { kind: 'good' },
      { event: 'issued', issued: { certHash, notAfter } },
    );
  }

  #change(
    act: 'hold' | 'release' | 'revoke',
    certificate: Modelled | undefined,
    reason: RevocationReason,
  ): void {
    const now = certificate?.history.at(-1)?.status;
    if (!certificate || !now) return;
    const isHeld = now.kind === 'revoked' && now.reason === 'certificateHold';
    const revokedAt = wholeSeconds(this.#house.clock.now());
    if (act === 'hold' && now.kind === 'good') {
      const hold = 'certificateHold' as const;
      this.#commit(
        certificate,
        { kind: 'revoked', revokedAt, reason: hold },
        { event: 'held', reason: hold },
      );
    } else if (act === 'release' && isHeld) {
      this.#commit(certificate, { kind: 'good' }, { event: 'released' });
    } else if (act === 'revoke' && (now.kind === 'good' || isHeld)) {
      const said = reason === 'unspecified' ? {} : { reason };
      this.#commit(certificate, { kind: 'revoked', revokedAt, ...said }, { event: 'revoked', reason });
    }
  }

  #commit(certificate: Modelled, status: OcspCertStatus, change: object): void {
    this.#commits += 1;
    certificate.history.push({ commits: this.#commits, status });
    const { serialNumber } = certificate;
    const effectiveAt = wholeSeconds(this.#house.clock.now());
    const row = { authorityId: 'bronze', serialNumber, effectiveAt, event: 'issued' as const, ...change };
    this.#house.source.commit(row);
    this.#crls.source.add(row);
  }

  async #catchUp(): Promise<void> {
    const { follower, source, clock } = this.#house;
    await follower.catchUp().catch(() => undefined);
    if (source.failure ?? source.followFailure) return;
    this.#read = this.#commits;
    const knownAt = source.knownAt ?? clock.now();
    if (knownAt > this.#readAt) this.#readAt = knownAt;
    for (const at of [0, 1, 2]) await this.#ask(plainAsk(at));
  }

  /** Once all have read everything, OCSP and each kind of CRL tell the same. */
  async #compare(): Promise<void> {
    await this.take({ act: 'find' });
    await this.take({ act: 'keyBack' });
    await this.#catchUp();
    const expected: Listed = {};
    for (const { serialNumber, history } of this.#certificates) {
      const status = history.at(-1)!.status;
      if (status.kind !== 'revoked') continue;
      const { revokedAt, reason = 'unspecified' } = status;
      expected[serialNumber.toString('hex')] = { revocationDate: revokedAt, reason };
    }
    const told = await this.#crls.issue(this.#house.clock.now());
    equal(told.complete, expected);
    equal(told.shards, expected);
    if (told.withDelta) equal(told.withDelta, expected);
  }

  async #ask({ of, nonce, hashAlgorithm, way }: Extract<Step, { act: 'ask' }>): Promise<void> {
    const { bronze, clock, source } = this.#house;
    const wanted = of.map((at) => ({ serialNumber: Buffer.alloc(16, at + 1) }));
    const extensions = nonce ? [nonceExtension(Buffer.alloc(16, this.asked))] : [];
    const body = await this.#bodyOf(this.#house.request(wanted, { hashAlgorithm, extensions }), way);
    const { status } = parseOcspResponse(body);
    this.asked += 1;
    const isStale = clock.now().getTime() - this.#readAt.getTime() > STALE_SECONDS_MAX * 1000;
    const isAway = this.#keys[0].signer.isAway;
    if (status === 'tryLater' && (isAway || isStale)) return;
    // Beyond its bound a node asks the source itself, if that answers; what it says then is the whole truth.
    if (isStale && source.failure) throw new Error(`${status} without a source`);
    const { responses, producedAt } = readVerified(body, bronze.certificate);
    equal(responses.length, of.length);
    equal(producedAt <= clock.now(), true);
    const told: Told = isStale
      ? { commits: this.#commits, at: source.knownAt ?? clock.now(), isLive: true }
      : { commits: this.#read, at: this.#readAt, isLive: nonce || of.length > 1 };
    responses.forEach((response, at) => this.#check(response, this.#certificates[of[at]], told));
  }

  /** Through each door that there is: all of them lead to the same answer. */
  async #bodyOf(request: Buffer, way: 'responder' | 'post' | 'get'): Promise<Buffer> {
    if (way === 'responder') return (await this.#house.responder.respond(request)).body;
    const address = `/ocsp/bronze/${encodeURIComponent(request.toString('base64'))}`;
    const reply = await (way === 'post'
      ? this.#desk.post('bronze', request)
      : this.#desk.get('bronze', address, {}));
    return reply.body!;
  }

  #check(response: OcspSingleResponse, certificate: Modelled | undefined, told: Told): void {
    const known = certificate?.history.filter(({ commits }) => commits <= told.commits).at(-1)?.status;
    const neverIssued = { kind: 'revoked', revokedAt: new Date(0), reason: 'certificateHold' };
    equal(response.status, known ?? neverIssued);
    const certHash = response.extensions.get(CE.certHash);
    equal(certHash && parseCertHash(certHash.value).certificateHash, known && certificate?.certHash);
    const { thisUpdate, nextUpdate } = response;
    if (told.isLive) equal(thisUpdate, wholeSeconds(told.at));
    equal(thisUpdate <= told.at, true);
    equal(nextUpdate !== undefined && nextUpdate > this.#house.clock.now(), true);
  }
}

/** Certificates that are with their authority by turns: the old one, both, the new one, both again. */
const ROLLOVER = [[0], [1, 0], [1], [0, 1]];

/** What an answer may be made of: the first commits, known at that moment, signed for this request alone. */
interface Told {
  commits: number;
  at: Date;
  isLive: boolean;
}

function plainAsk(of: number): Extract<Step, { act: 'ask' }> {
  return { act: 'ask', of: [of], nonce: false, hashAlgorithm: 'sha256', way: 'post' };
}

type FlakyCredential = ResponderCredential & { signer: Signer & { isAway: boolean } };

function flaky({ signer, certificate }: ResponderCredential): FlakyCredential {
  const wrapped = {
    label: signer.label,
    algorithm: signer.algorithm,
    subjectPublicKeyInfo: signer.subjectPublicKeyInfo,
    isAway: false,
    sign: async (message: Uint8Array) => {
      if (wrapped.isAway) throw new DomainError('key-unavailable', 'the token is gone');
      return signer.sign(message);
    },
  };
  return { signer: wrapped, certificate };
}

/** By serial number in hexadecimal. */
type Listed = Record<string, { revocationDate: Date; reason: RevocationReason }>;

/** The CRLs of the same history: complete, in four shards, and the first complete one with the delta since. */
class ModelledCrls {
  readonly #house: MemoryCrlHouse;
  readonly #scheduler: CrlScheduler;

  private constructor(house: MemoryCrlHouse) {
    this.#house = house;
    const onFailure = (error: unknown) => {
      throw error;
    };
    const lock = { lead: async () => true, release: async () => undefined };
    this.#scheduler = new CrlScheduler({ house, lock, onFailure });
  }

  static async open(): Promise<ModelledCrls> {
    return new ModelledCrls(await memoryCrlHouse({ shards: true, delta: true }));
  }

  get source(): MemoryCrlHouse['source'] {
    return this.#house.source;
  }

  async issue(now: Date) {
    const { clock, store } = this.#house;
    clock.set(now);
    await this.#scheduler.tick();
    clock.advanceSeconds(2);
    await this.#scheduler.tick();
    const shards = [0, 1, 2, 3].map((shard) => this.#read({ authorityId: 'bronze', kind: 'shard', shard }));
    const delta = this.#house.cache.current(DELTA);
    const base =
      delta &&
      store.published.find(
        (crl) => crl.scope.kind === 'complete' && crl.crlNumber === delta.bases![0].crlNumber,
      );
    return {
      complete: this.#read(COMPLETE),
      shards: Object.assign({}, ...shards) as Listed,
      withDelta: base && withDelta(listedIn(base), listedIn(delta)),
    };
  }

  #read(scope: CrlScope): Listed {
    return listedIn(this.#house.cache.current(scope)!);
  }
}

const COMPLETE = { authorityId: 'bronze', kind: 'complete' } as const;
const DELTA = { authorityId: 'bronze', kind: 'delta' } as const;

function listedIn({ der }: { der: readonly Uint8Array[] }): Listed {
  const { revokedCertificates } = parseCertificateList(Buffer.concat(der));
  return Object.fromEntries(
    Array.from(revokedCertificates, ({ serialNumber, revokedAt, reason }) => [
      Buffer.from(serialNumber).toString('hex'),
      { revocationDate: revokedAt, reason },
    ]),
  );
}

function withDelta(base: Listed, delta: Listed): Listed {
  const both = Object.entries({ ...base, ...delta });
  return Object.fromEntries(both.filter(([, { reason }]) => reason !== 'removeFromCRL'));
}

function equal(actual: unknown, expected: unknown): void {
  const [a, b] = [actual, expected].map((value) => JSON.stringify(value, sortedKeys));
  if (a !== b) throw new Error(`${a} instead of ${b}`);
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a.localeCompare(b)));
}
