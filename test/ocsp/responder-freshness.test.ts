import t from 'tap';

import { DomainError } from '../../core/errors.ts';
import type { Signer } from '../../keys/signer.ts';
import { nonceExtension } from '../../pki/ocsp-extensions.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { FixtureOcsp, NOON, neverIssued, readVerified } from '../support/fixture-ocsp.ts';

const NONCE = [nonceExtension(Buffer.alloc(32, 7))];

t.test('signs a plain answer once and gives it again', async (t) => {
  const { house, key, request } = await houseWithSlowKey();
  const first = await house.responder.respond(request);
  house.clock.advanceSeconds(60);
  await house.follower.catchUp();
  const second = await house.responder.respond(request);
  t.equal(second.body, first.body);
  t.equal(key.signatures, 1);
  t.equal(second.cacheable?.maxAgeSeconds, 540);
});

t.test('signs each answer with a nonce', async (t) => {
  const { house, key, certificate } = await houseWithSlowKey();
  const request = house.request([certificate], { extensions: NONCE });
  await house.responder.respond(request);
  await house.responder.respond(request);
  t.equal(key.signatures, 2);
});

t.test('does not keep answers about what was never issued', async (t) => {
  const { house, key } = await houseWithSlowKey();
  const request = house.request([neverIssued()]);
  await house.responder.respond(request);
  await house.responder.respond(request);
  t.equal(key.signatures, 2);
});

t.test('does not keep answers about what has expired', async (t) => {
  const { house, key } = await houseWithSlowKey();
  const expired = await house.issue(house.bronze, { notAfter: new Date(NOON.getTime() - 1000) });
  const request = house.request([expired]);
  const { cacheable } = await house.responder.respond(request);
  t.ok(cacheable);
  await house.responder.respond(request);
  t.equal(key.signatures, 2);
});

t.test('gives no prepared answer that is older than the last change', async (t) => {
  const { house, request, certificate } = await houseWithSlowKey();
  t.equal(await statusIn(house, request), 'good');
  await house.change(certificate, 'held', 'certificateHold');
  t.equal(await statusIn(house, request), 'revoked');
  await house.change(certificate, 'released');
  t.equal(await statusIn(house, request), 'good');
});

t.test('keeps the prepared answers of certificates that did not change', async (t) => {
  const { house, key, request } = await houseWithSlowKey();
  const other = await house.issue();
  await house.responder.respond(request);
  await house.change(other, 'revoked', 'superseded');
  await house.responder.respond(request);
  t.equal(key.signatures, 1);
});

t.test(
  'prepares a younger answer when half of the validity is over, and lets nobody wait for it',
  async (t) => {
    const { house, key, request } = await houseWithSlowKey();
    await house.responder.respond(request);
    house.clock.advanceSeconds(300);
    await house.follower.catchUp();
    await house.responder.respond(request);
    t.equal(key.signatures, 1);
    house.clock.advanceSeconds(1);
    await house.follower.catchUp();
    const release = key.holdBack();
    for (let asked = 0; asked < 3; asked += 1) {
      const { cacheable } = await house.responder.respond(request);
      t.strictSame(cacheable?.thisUpdate, NOON);
      t.equal(cacheable?.maxAgeSeconds, 299);
    }
    t.equal(key.signatures, 2, 'one for all who ask meanwhile');
    release();
    await new Promise(setImmediate);
    const { cacheable } = await house.responder.respond(request);
    t.strictSame(cacheable?.thisUpdate, new Date(NOON.getTime() + 301_000));
    t.equal(key.signatures, 2);
  },
);

t.test(
  'gives what is true and valid still while the key is away, and nothing that a change overtook',
  async (t) => {
    const { house, key, certificate, request } = await houseWithSlowKey();
    const { body } = await house.responder.respond(request);
    key.failure = new DomainError('key-unavailable', 'the token is gone');
    for (const seconds of [301, 239]) {
      house.clock.advanceSeconds(seconds);
      await house.follower.catchUp();
      const answer = await house.responder.respond(request);
      t.equal(answer.body, body);
      t.ok(answer.cacheable!.nextUpdate > house.clock.now());
      await new Promise(setImmediate);
    }
    t.match(house.faults, [{ code: 'key-unavailable' }, { code: 'key-unavailable' }]);
    house.clock.advanceSeconds(1);
    await house.follower.catchUp();
    t.equal((await house.responder.respond(request)).status, 'tryLater', 'less than a minute is left');
    house.clock.advanceSeconds(-300);
    await house.follower.catchUp();
    t.equal((await house.responder.respond(request)).body, body);
    await house.change(certificate, 'revoked', 'keyCompromise');
    t.equal((await house.responder.respond(request)).status, 'tryLater');
    key.failure = undefined;
    t.equal(await statusIn(house, request), 'revoked');
  },
);

t.test('asks the source for a status when its index cannot be confirmed', async (t) => {
  const { house, request, certificate } = await houseWithSlowKey();
  await house.responder.respond(request);
  house.source.followFailure = new Error('canceling statement due to conflict');
  house.source.commit({
    authorityId: 'bronze',
    serialNumber: certificate.serialNumber,
    event: 'revoked',
    reason: 'superseded',
    effectiveAt: NOON,
  });
  house.clock.advanceSeconds(540);
  t.equal(await statusIn(house, request), 'good', 'within its bound, with an honest thisUpdate');
  t.equal(house.source.lookUps, 0);
  house.clock.advanceSeconds(1);
  for (const asked of [request, house.request([certificate, neverIssued()], { extensions: NONCE })]) {
    const { responses } = await house.ask(asked);
    t.equal(responses[0].status.kind, 'revoked');
    t.strictSame(responses[0].thisUpdate, house.clock.now());
    t.ok(responses.every(({ status }) => status.kind === 'revoked'));
  }
  t.equal((await house.responder.respond(request)).cacheable, undefined, 'nothing of it is kept');
  t.equal(house.source.lookUps, 3);
});

t.test('asks no source whose history contradicts itself, and none that is behind', async (t) => {
  const { house, request, certificate } = await houseWithSlowKey();
  await house.change(certificate, 'held', 'certificateHold');
  house.clock.advanceSeconds(541);
  const [held] = house.source.changes.splice(-1);
  t.equal((await house.responder.respond(request)).status, 'tryLater', 'a replica that lacks the hold');
  t.equal(house.source.lookUps, 1);
  house.clock.advanceSeconds(2);
  await t.rejects(house.follower.catchUp(), { code: 'status-history-broken' });
  t.equal((await house.responder.respond(request)).status, 'tryLater');
  t.equal(house.source.lookUps, 1);
  house.source.changes.push(held);
  await house.follower.catchUp();
  t.equal(await statusIn(house, request), 'revoked');
});

t.test('tells the older thisUpdate of a replica, and to try later when that is too old', async (t) => {
  const { house, request, certificate } = await houseWithSlowKey();
  const thisUpdateOf = async () => (await house.ask(request)).responses[0].thisUpdate;
  house.source.knownAt = NOON;
  house.clock.advanceSeconds(30);
  await house.follower.catchUp();
  t.strictSame(await thisUpdateOf(), NOON, 'nothing is heard of the primary since');
  house.source.knownAt = new Date(NOON.getTime() + 20_000);
  await house.follower.catchUp();
  await house.change(certificate, 'held', 'certificateHold');
  t.strictSame(await thisUpdateOf(), house.source.knownAt);
  house.source.knownAt = new Date(NOON.getTime() + 3_600_000);
  await house.follower.catchUp();
  t.strictSame(await thisUpdateOf(), new Date(NOON.getTime() + 20_000), 'prepared');
  await house.change(certificate, 'released');
  t.strictSame(await thisUpdateOf(), house.clock.now(), 'a primary whose clock is ahead promises nothing');
  house.source.knownAt = NOON;
  house.clock.advanceSeconds(541);
  await house.follower.catchUp();
  t.equal((await house.responder.respond(request)).status, 'tryLater');
});

t.test('tells the honest older thisUpdate while its source is lost, then to try later', async (t) => {
  const { house, request, certificate } = await houseWithSlowKey();
  house.source.failure = new Error('connection refused');
  house.clock.advanceSeconds(540);
  await t.rejects(house.follower.catchUp(), { code: 'status-source-failed' });
  for (const asked of [
    request,
    house.request([certificate], { extensions: NONCE }),
    house.request([certificate, certificate]),
  ]) {
    const { body } = await house.responder.respond(asked);
    const { responses, producedAt } = readVerified(body, house.bronze.certificate);
    t.strictSame(responses[0].thisUpdate, NOON);
    t.strictSame(responses[0].nextUpdate, new Date(NOON.getTime() + 600_000));
    t.strictSame(producedAt, house.clock.now());
  }
  house.clock.advanceSeconds(1);
  for (const asked of [request, house.request([certificate], { extensions: NONCE })]) {
    t.match(await house.responder.respond(asked), {
      status: 'tryLater',
      body: Buffer.from('30030a0103', 'hex'),
    });
  }
  house.source.failure = undefined;
  await house.follower.catchUp();
  t.equal(await statusIn(house, request), 'good');
});

t.test('signs no second answer with the same thisUpdate while its source is lost', async (t) => {
  const { house, key, request } = await houseWithSlowKey();
  await house.responder.respond(request);
  house.clock.advanceSeconds(400);
  await house.responder.respond(request);
  t.equal(key.signatures, 1);
});

for (const [name, extensions] of [
  ['a plain answer', []],
  ['an answer with a nonce', NONCE],
] as const) {
  t.test(`does not let ${name} go that a change overtook while it was signed`, async (t) => {
    const { house, key, certificate } = await houseWithSlowKey();
    const release = key.holdBack();
    const answer = house.responder.respond(house.request([certificate], { extensions }));
    await house.change(certificate, 'revoked', 'keyCompromise');
    release();
    const { body } = await answer;
    t.equal(readVerified(body, house.bronze.certificate).responses[0].status.kind, 'revoked');
    t.equal(key.signatures, 2);
  });
}

t.test('does not let an answer go about what was issued while it was signed', async (t) => {
  const { house, key } = await houseWithSlowKey();
  const certificate = await house.issue();
  const [issued] = house.source.changes.splice(-1);
  const other = await houseWithSlowKey();
  const release = other.key.holdBack();
  const answer = other.house.responder.respond(other.house.request([certificate]));
  other.house.source.commit(issued);
  await other.house.follower.catchUp();
  release();
  const { body } = await answer;
  t.equal(readVerified(body, other.house.bronze.certificate).responses[0].status.kind, 'good');
  t.equal(key.signatures, 0);
});

t.test('signs once for all who wait for the same answer', async (t) => {
  const { house, key, request } = await houseWithSlowKey();
  const release = key.holdBack();
  const answers = Array.from({ length: 50 }, () => house.responder.respond(request));
  release();
  const bodies = new Set((await Promise.all(answers)).map(({ body }) => body));
  t.equal(bodies.size, 1);
  t.equal(key.signatures, 1);
});

t.test('tells to try later when the key is not to be had, and answers when it is back', async (t) => {
  const { house, key, request } = await houseWithSlowKey();
  key.failure = new DomainError('key-unavailable', 'the token is gone');
  t.equal((await house.responder.respond(request)).status, 'tryLater');
  t.strictSame(house.faults, [key.failure]);
  key.failure = undefined;
  t.equal(await statusIn(house, request), 'good');
});

t.test('tells of an internal error when something unforeseen fails', async (t) => {
  const { house, key, request } = await houseWithSlowKey();
  key.failure = new TypeError('a bug');
  t.match(await house.responder.respond(request), {
    status: 'internalError',
    body: Buffer.from('30030a0102', 'hex'),
  });
  t.strictSame(house.faults, [key.failure]);
});

t.test('tells to try later when more signatures are waited for than the key makes', async (t) => {
  const { house, key, certificate } = await houseWithSlowKey();
  const release = key.holdBack();
  const request = house.request([certificate], { extensions: NONCE });
  const waiting = Array.from({ length: 1024 }, () => house.responder.respond(request));
  t.equal((await house.responder.respond(request)).status, 'tryLater');
  release();
  t.ok((await Promise.all(waiting)).every(({ status }) => status === 'successful'));
  t.equal((await house.responder.respond(request)).status, 'successful');
});

/** A key that counts, fails and can be made to wait. */
class SlowKey implements Signer {
  readonly label = 'slow';
  readonly algorithm;
  readonly subjectPublicKeyInfo;
  readonly #signer: Signer;
  signatures = 0;
  failure: Error | undefined;
  #wait: Promise<void> | undefined;

  constructor(signer: Signer) {
    this.#signer = signer;
    this.algorithm = signer.algorithm;
    this.subjectPublicKeyInfo = signer.subjectPublicKeyInfo;
  }

  /** Signatures wait until the returned function is called. */
  holdBack(): () => void {
    let release: () => void = () => undefined;
    this.#wait = new Promise((resolve) => (release = resolve));
    return release;
  }

  async sign(message: Uint8Array): Promise<Buffer> {
    this.signatures += 1;
    await this.#wait;
    if (this.failure) throw this.failure;
    return this.#signer.sign(message);
  }
}

async function houseWithSlowKey() {
  const house = await FixtureOcsp.create();
  const { signer, certificate: responderCertificate } = house.bronze.responder;
  const key = new SlowKey(signer);
  house.responder.useCredentials('bronze', [{ signer: key, certificate: responderCertificate }]);
  const certificate: Certificate = await house.issue();
  return { house, key, certificate, request: house.request([certificate]) };
}

async function statusIn(house: FixtureOcsp, request: Buffer): Promise<string> {
  return (await house.ask(request)).responses[0].status.kind;
}
