import t from 'tap';

import { OcspDesk } from '../../api/ocsp-front/ocsp-desk.ts';
import { AnswerPreparer } from '../../ocsp/answer-preparer.ts';
import { HotSet } from '../../ocsp/hot-set.ts';
import type { OcspError } from '../../ocsp/ocsp-error.ts';
import { StatusFollower } from '../../ocsp/status-follower.ts';
import { parseOcspResponse } from '../../pki/ocsp-response.ts';
import { FixtureOcsp, NOON } from '../support/fixture-ocsp.ts';

// An answer that was signed before a change is not given after it: not by the responder, not from the octets that the HTTP
// side knows, and not by what is prepared ahead. Each look is in the very turn in which the change was applied.

t.test('from the moment at which a change is applied, no way leads to an older answer', async (t) => {
  const { house, certificate, ways, hotSet } = await prepared();
  for (const ask of ways) t.equal(statusOf(await ask()), 'good');
  // Asked again, all of them are given from what is known.
  for (const ask of ways) t.equal(statusOf(await ask()), 'good');
  t.equal(hotSet.size, 1);
  const index = house.follower.indexOf('bronze');
  const change = {
    changeNumber: 2,
    authorityId: 'bronze',
    serialNumber: certificate.serialNumber,
    effectiveAt: NOON,
  };
  index.apply({ ...change, event: 'held', reason: 'certificateHold' });
  const afterHold = ways.map((ask) => ask());
  index.apply({ ...change, changeNumber: 3, event: 'released' });
  const afterRelease = ways.map((ask) => ask());
  index.apply({ ...change, changeNumber: 4, event: 'revoked', reason: 'keyCompromise' });
  const afterRevocation = ways.map((ask) => ask());
  // What the key was still at work on when the next change came tells of that one: younger is right, older never is.
  for (const body of await Promise.all(afterHold)) t.equal(statusOf(body), 'revoked');
  for (const body of await Promise.all(afterRelease)) t.equal(statusOf(body), 'revoked');
  for (const body of await Promise.all(afterRevocation)) t.equal(statusOf(body), 'revoked');
});

t.test('what is prepared ahead while a change comes is not kept', async (t) => {
  const { house, certificate, ways, preparer } = await prepared();
  await ways[0]();
  house.clock.advanceSeconds(250);
  await house.follower.catchUp();
  const round = preparer.prepare();
  await house.change(certificate, 'revoked', 'superseded');
  await round;
  for (const ask of ways) t.equal(statusOf(await ask()), 'revoked');
});

t.test('a change that a follower has read is applied before it calls itself current', async (t) => {
  const house = await FixtureOcsp.create();
  const certificate = await house.issue();
  const seen: (string | undefined)[] = [];
  const follower = await StatusFollower.load({
    source: house.source,
    authorityIds: ['bronze'],
    clock: house.clock,
    onFault: (fault: OcspError | undefined) => t.equal(fault, undefined),
    onVisible: () => {
      const index = follower.indexOf('bronze');
      seen.push(index.statusAt(index.find(certificate.serialNumber)).kind);
      seen.push(follower.confirmedAt?.toISOString());
    },
  });
  house.clock.advanceSeconds(5);
  await house.change(certificate, 'held', 'certificateHold');
  await follower.catchUp();
  t.strictSame(seen, ['revoked', NOON.toISOString()]);
  t.strictSame(follower.confirmedAt, house.clock.now());
});

async function prepared() {
  const hotSet = new HotSet();
  const house = await FixtureOcsp.create({ onAsked: (hot) => hotSet.note(hot) });
  const certificate = await house.issue();
  const desk = new OcspDesk(house.responder);
  const preparer = new AnswerPreparer({
    hotSet,
    responder: house.responder,
    onFault: (error) => {
      throw error;
    },
    pause: async () => undefined,
  });
  const request = house.request([certificate]);
  const address = `/ocsp/bronze/${encodeURIComponent(request.toString('base64'))}`;
  const ways: (() => Promise<Buffer>)[] = [
    async () => (await house.responder.respond(request)).body,
    async () => (await desk.post('bronze', request)).body!,
    async () => (await desk.get('bronze', address, {})).body!,
  ];
  return { house, certificate, hotSet, preparer, ways };
}

function statusOf(body: Buffer): string {
  const response = parseOcspResponse(body);
  return response.status === 'successful' ? response.responses[0].status.kind : response.status;
}
