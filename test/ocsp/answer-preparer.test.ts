import { setImmediate as turn } from 'node:timers/promises';

import t from 'tap';

import { DomainError } from '../../core/errors.ts';
import { AnswerPreparer } from '../../ocsp/answer-preparer.ts';
import type { AnswerPreparerOptions } from '../../ocsp/answer-preparer.ts';
import { HotSet } from '../../ocsp/hot-set.ts';
import type { HotAnswer } from '../../ocsp/hot-set.ts';
import { CountingSigner } from '../support/counting-signer.ts';
import { FixtureOcsp } from '../support/fixture-ocsp.ts';

t.test('renews an answer before half of its validity is over, and then nobody waits', async (t) => {
  const { house, key, preparer, request } = await prepared();
  await house.responder.respond(request);
  t.equal(key.signatures, 1);
  for (const [seconds, signatures] of [
    [239, 1],
    [1, 2],
    [200, 2],
    [40, 3],
  ] as const) {
    house.clock.advanceSeconds(seconds);
    await house.follower.catchUp();
    await preparer.prepare();
    t.equal(key.signatures, signatures);
    await house.responder.respond(request);
    t.equal(key.signatures, signatures, 'who asks finds it prepared');
  }
});

t.test('signs nothing again while the source is lost: it could not be younger', async (t) => {
  const { house, key, preparer, request } = await prepared();
  await house.responder.respond(request);
  house.clock.advanceSeconds(400);
  await preparer.prepare();
  house.clock.advanceSeconds(400);
  await preparer.prepare();
  t.equal(key.signatures, 1);
});

t.test('forgets what has expired, and what is not hosted any more', async (t) => {
  const { house, hotSet, preparer } = await prepared();
  const soon = await house.issue(house.bronze, { notAfter: new Date(house.clock.now().getTime() + 300_000) });
  await house.responder.respond(house.request([soon]));
  const [hot] = hotSet.answers();
  hotSet.note({ ...hot, authorityId: 'platinum' });
  hotSet.note({ ...hot, certId: 'another', serialNumber: 'never issued' });
  t.equal(hotSet.size, 3);
  await preparer.prepare();
  t.equal(hotSet.size, 1);
  house.clock.advanceSeconds(300);
  await house.follower.catchUp();
  await preparer.prepare();
  t.equal(hotSet.size, 0);
});

t.test('prepares for a key that has come in the place of another', async (t) => {
  const { house, key, preparer, request } = await prepared();
  await house.responder.respond(request);
  const fresh = new CountingSigner(house.bronze.responder.signer);
  const { certificate } = house.bronze.responder;
  house.responder.useCredentials('bronze', [{ signer: fresh, certificate }]);
  await preparer.prepare();
  await house.responder.respond(request);
  t.strictSame([key.signatures, fresh.signatures], [1, 1]);
});

t.test('ends a round when the key is away, and goes on with the next', async (t) => {
  const { house, key, preparer, faults } = await prepared();
  for (let count = 0; count < 40; count += 1)
    await house.responder.respond(house.request([await house.issue()]));
  house.clock.advanceSeconds(250);
  await house.follower.catchUp();
  key.failure = new DomainError('key-unavailable', 'the token is gone');
  await preparer.prepare();
  t.equal(key.signatures, 48, 'one batch');
  t.equal(faults.length, 8);
  key.failure = undefined;
  await preparer.prepare();
  t.equal(key.signatures, 88);
});

t.test('keeps to its budget of signatures', async (t) => {
  const pauses: number[] = [];
  const { house, preparer } = await prepared({
    signaturesPerSecond: 16,
    elapsedMs: () => 0,
    pause: async (milliseconds) => void pauses.push(milliseconds),
  });
  for (let count = 0; count < 32; count += 1)
    await house.responder.respond(house.request([await house.issue()]));
  house.clock.advanceSeconds(250);
  await house.follower.catchUp();
  await preparer.prepare();
  t.strictSame(pauses, [500, 1000, 1500, 2000]);
});

t.test('stops at start when its time is over, with the most recently asked done', async (t) => {
  let elapsed = 0;
  const asked: string[] = [];
  const hotSet = new HotSet();
  for (let count = 0; count < 100; count += 1) hotSet.note(hotOf(String(count)));
  const preparer = new AnswerPreparer({
    hotSet,
    responder: {
      prepareAhead: async ({ certId }) => {
        asked.push(certId);
        elapsed += 100;
        return { isGone: false, isSigned: true, isAsked: false };
      },
    },
    onFault: (error) => t.fail(String(error)),
    elapsedMs: () => elapsed,
    pause: async () => undefined,
  });
  await preparer.prepareFirst(2_000);
  t.equal(asked.length, 24, 'the batch that is under way is ended');
  t.equal(asked[0], '99');
});

t.test('signs the answers about what has changed at once', async (t) => {
  const { house, key, preparer, request, certificate } = await prepared();
  await house.responder.respond(request);
  await house.responder.respond(house.request([certificate], { hashAlgorithm: 'sha1' }));
  await house.responder.respond(house.request([await house.issue()]));
  await house.change(certificate, 'revoked', 'keyCompromise');
  await preparer.changed([{ authorityId: 'bronze', serialNumber: certificate.serialNumber }]);
  t.equal(key.signatures, 5, 'each form in which it is asked for');
  await house.responder.respond(request);
  t.equal(key.signatures, 5);
});

t.test('goes round once more when it is asked to while it is on its way', async (t) => {
  let rounds = 0;
  const hotSet = new HotSet();
  hotSet.note(hotOf('a'));
  const preparer = new AnswerPreparer({
    hotSet,
    responder: {
      prepareAhead: async () => {
        rounds += 1;
        await turn();
        return { isGone: false, isSigned: false, isAsked: false };
      },
    },
    onFault: (error) => t.fail(String(error)),
  });
  await Promise.all([preparer.prepare(), preparer.prepare(), preparer.prepare()]);
  t.equal(rounds, 2);
  await preparer.stop();
});

t.test('the hot set keeps those that were asked for last, and a bound', (t) => {
  const hotSet = new HotSet();
  for (let count = 0; count < 16_384; count += 1) hotSet.note(hotOf(String(count)));
  const { version } = hotSet;
  hotSet.note(hotOf('0'));
  t.equal(hotSet.version, version, 'nothing new');
  hotSet.note(hotOf('new'));
  t.equal(hotSet.size, 16_384);
  t.strictSame(
    hotSet
      .answers()
      .slice(0, 2)
      .map(({ certId }) => certId),
    ['new', '0'],
  );
  t.strictSame(hotSet.about('bronze', Buffer.from('1')), [], 'the one that was not asked for the longest');
  t.strictSame(hotSet.about('bronze', Buffer.from('0')), [hotOf('0')]);
  t.strictSame(hotSet.about('silver', Buffer.from('0')), []);
  t.end();
});

function hotOf(name: string): HotAnswer {
  return { authorityId: 'bronze', algorithm: 'ecdsa-sha256', certId: name, serialNumber: name };
}

async function prepared(overrides: Partial<AnswerPreparerOptions> = {}) {
  const hotSet = new HotSet();
  const house = await FixtureOcsp.create({ onAsked: (hot) => hotSet.note(hot) });
  const { signer, certificate: responderCertificate } = house.bronze.responder;
  const key = new CountingSigner(signer);
  house.responder.useCredentials('bronze', [{ signer: key, certificate: responderCertificate }]);
  const certificate = await house.issue();
  const faults: unknown[] = [];
  const onFault = (fault: unknown) => faults.push(fault);
  const preparer = new AnswerPreparer({
    hotSet,
    responder: house.responder,
    onFault,
    pause: async () => undefined,
    ...overrides,
  });
  return { house, hotSet, key, preparer, faults, certificate, request: house.request([certificate]) };
}
