import fc from 'fast-check';
import t from 'tap';

import { wholeSeconds } from '../../core/clock.ts';
import { parseCertHash, nonceExtension } from '../../pki/ocsp-extensions.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import type { OcspCertStatus, OcspSingleResponse } from '../../pki/ocsp-single-response.ts';
import { CE } from '../../pki/oid.ts';
import type { RevocationReason } from '../../pki/revocation-reason.ts';
import { FixtureOcsp, readVerified } from '../support/fixture-ocsp.ts';

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
  | { act: 'catchUp' | 'lose' | 'find' }
  | { act: 'ask'; of: number[]; nonce: boolean; hashAlgorithm: DigestName };

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
    weight: 4,
    arbitrary: fc.record({ act: fc.constantFrom('catchUp', 'catchUp', 'catchUp', 'lose', 'find') }),
  },
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
    }),
  },
);

t.test('every answer, after any changes, says what was committed and read last', async (t) => {
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 100, size: 'max' }), async (steps) => {
      const model = new Model(await FixtureOcsp.create());
      for (const one of steps) await model.take(one);
      asked += model.asked;
    }),
    { numRuns: 60 },
  );
  t.ok(asked > 500, `${asked} answers were compared`);
});

/** The simplest thing that could be right, beside the house. */
class Model {
  readonly #house: FixtureOcsp;
  readonly #certificates: Modelled[] = [];
  #commits = 0;
  /** What a responder may know: commits up to the last read, and when that was. */
  #read = 0;
  #readAt: Date;
  asked = 0;

  constructor(house: FixtureOcsp) {
    this.#house = house;
    this.#readAt = house.clock.now();
  }

  async take(step: Step): Promise<void> {
    const { clock, source } = this.#house;
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
      case 'find':
        source.failure = step.act === 'lose' ? new Error('connection refused') : undefined;
        return;
      case 'catchUp':
        return this.#catchUp();
      case 'ask':
        return this.#ask(step);
    }
  }

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
    this.#house.source.commit({
      authorityId: 'bronze',
      serialNumber,
      effectiveAt,
      event: 'issued',
      ...change,
    });
  }

  async #catchUp(): Promise<void> {
    const { follower, source, clock } = this.#house;
    await follower.catchUp().catch(() => undefined);
    if (source.failure) return;
    this.#read = this.#commits;
    this.#readAt = clock.now();
    for (const at of [0, 1, 2])
      await this.#ask({ act: 'ask', of: [at], nonce: false, hashAlgorithm: 'sha256' });
  }

  async #ask({ of, nonce, hashAlgorithm }: Extract<Step, { act: 'ask' }>): Promise<void> {
    const { responder, bronze, clock } = this.#house;
    const wanted = of.map((at) => ({ serialNumber: Buffer.alloc(16, at + 1) }));
    const extensions = nonce ? [nonceExtension(Buffer.alloc(16, this.asked))] : [];
    const { status, body } = await responder.respond(
      this.#house.request(wanted, { hashAlgorithm, extensions }),
    );
    this.asked += 1;
    if (clock.now().getTime() - this.#readAt.getTime() > STALE_SECONDS_MAX * 1000) {
      return equal(status, 'tryLater');
    }
    const { responses, producedAt } = readVerified(body, bronze.certificate);
    equal(responses.length, of.length);
    equal(producedAt <= clock.now(), true);
    responses.forEach((response, at) =>
      this.#check(response, this.#certificates[of[at]], nonce || of.length > 1),
    );
  }

  #check(response: OcspSingleResponse, certificate: Modelled | undefined, isLive: boolean): void {
    const known = certificate?.history.filter(({ commits }) => commits <= this.#read).at(-1)?.status;
    const neverIssued = { kind: 'revoked', revokedAt: new Date(0), reason: 'certificateHold' };
    equal(response.status, known ?? neverIssued);
    const certHash = response.extensions.get(CE.certHash);
    equal(certHash && parseCertHash(certHash.value).certificateHash, known && certificate?.certHash);
    const { thisUpdate, nextUpdate } = response;
    if (isLive) equal(thisUpdate, wholeSeconds(this.#readAt));
    equal(thisUpdate <= this.#readAt, true);
    equal(nextUpdate !== undefined && nextUpdate > this.#house.clock.now(), true);
  }
}

function equal(actual: unknown, expected: unknown): void {
  const [a, b] = [actual, expected].map((value) => JSON.stringify(value, sortedKeys));
  if (a !== b) throw new Error(`${a} instead of ${b}`);
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a.localeCompare(b)));
}
