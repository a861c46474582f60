import fc from 'fast-check';
import t from 'tap';

import { FixtureTime } from '../support/fixture-authority.ts';
import { NOON } from '../support/fixture-deployment.ts';

const refused = (message: RegExp) => ({ code: 'time-not-available', message });

t.test('gives the time of a clock that is synchronised, and asks for it now and then', async (t) => {
  const fixture = new FixtureTime();
  const time = fixture.start();
  t.same(await time.next(), NOON);
  fixture.advance(9_999);
  t.equal((await time.next()).getTime(), NOON.getTime() + 9_999);
  t.equal(fixture.asked, 1);
  fixture.advance(1);
  await time.next();
  t.equal(fixture.asked, 2, 'ten seconds later it asks again');
});

t.test(
  'gives none by a clock that is not synchronised, or may be wrong by more than the accuracy',
  async (t) => {
    const fixture = new FixtureTime();
    const time = fixture.start(1_000);
    fixture.state = { synchronised: false, reason: 'nobody answers' };
    await t.rejects(time.next(), refused(/nobody answers/));
    t.equal(await time.fault(), 'nobody answers');
    fixture.state = { synchronised: true, errorMilliseconds: 1_001, measurement: 'a' };
    await t.rejects(time.next(), refused(/wrong by 1001 ms, at most 1000/));
    fixture.state = { synchronised: true, errorMilliseconds: 1_000, measurement: 'a' };
    t.same(await time.next(), NOON, 'exactly the accuracy is enough');
    fixture.advance(1);
    t.equal(await time.fault(), undefined);
    fixture.state = { synchronised: false, reason: 'the service died' };
    fixture.advance(10_000);
    await t.rejects(time.next(), refused(/the service died/), 'within ten seconds it is noticed');
  },
);

t.test('a jump stops it until the clock has been compared again', async (t) => {
  for (const jump of [5_000, -5_000, 86_400_000]) {
    const fixture = new FixtureTime();
    const time = fixture.start();
    await time.next();
    fixture.jump(jump);
    await t.rejects(time.next(), refused(/the clock jumped/));
    await t.rejects(time.next(), refused(/was not compared with its reference since/));
    fixture.state = { synchronised: true, errorMilliseconds: 10, measurement: 'second' };
    if (jump > 0) t.ok(await time.next());
    else await t.rejects(time.next(), refused(/5001 ms behind/), 'and none is earlier than one before');
  }
});

t.test('a jump shows too when nobody asked for a while', async (t) => {
  const fixture = new FixtureTime();
  const time = fixture.start();
  await time.next();
  fixture.advance(3_600_000);
  fixture.jump(60_000);
  await t.rejects(time.next(), refused(/jumped by 60000 ms/));
});

t.test('what the clock is slewed by counts against the accuracy', async (t) => {
  const fixture = new FixtureTime();
  const time = fixture.start(1_000);
  await time.next();
  fixture.jump(990);
  t.ok(await time.next(), 'ten milliseconds of error and 990 of slew');
  fixture.jump(1);
  await t.rejects(time.next(), refused(/jumped by 991 ms/));
});

t.test('instants are strictly increasing, however many ask at once', async (t) => {
  const fixture = new FixtureTime();
  const time = fixture.start();
  const instants = await Promise.all(Array.from({ length: 500 }, () => time.next()));
  const sorted = [...new Set(instants.map((instant) => instant.getTime()))].sort((a, b) => a - b);
  t.equal(sorted.length, 500, 'no two are equal');
  t.equal(sorted[499] - sorted[0], 499);
  t.equal(fixture.asked, 1, 'one asks for all');
});

t.test('runs ahead of the clock by no more than the accuracy allows', async (t) => {
  const fixture = new FixtureTime();
  const time = fixture.start(100);
  const outcomes = await Promise.allSettled(Array.from({ length: 200 }, () => time.next()));
  const given = outcomes.filter(({ status }) => status === 'fulfilled');
  t.equal(given.length, 91, '90 ms of room, and the first one');
  fixture.advance(200);
  t.ok(await time.next(), 'and goes on when the clock has caught up');
});

t.test('is later than before a restart, and after a crash', async (t) => {
  const fixture = new FixtureTime();
  const first = fixture.start();
  const last = (await Promise.all([first.next(), first.next(), first.next()])).at(-1)!;
  await first.close();
  t.same(fixture.mark, last, 'a clean end gives back what was reserved');
  const second = fixture.start();
  t.equal((await second.next()).getTime(), last.getTime() + 1);
  t.equal(fixture.mark!.getTime(), last.getTime() + 1 + 5_000, 'reserved ahead');
  const third = fixture.start();
  await t.rejects(third.next(), refused(/behind the last time stamp/), 'after a crash it waits');
  fixture.advance(5_001);
  t.ok((await third.next()).getTime() > last.getTime() + 5_000);
});

t.test('whatever happens to the clock, no instant is earlier than one that was given', async (t) => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('ask' as const) }),
    fc.record({ kind: fc.constant('advance' as const), by: fc.integer({ min: 0, max: 20_000 }) }),
    fc.record({ kind: fc.constant('jump' as const), by: fc.integer({ min: -20_000, max: 20_000 }) }),
    fc.record({ kind: fc.constant('compare' as const) }),
    fc.record({ kind: fc.constant('restart' as const), clean: fc.boolean() }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const fixture = new FixtureTime();
      let time = fixture.start();
      let last = -Infinity;
      for (const [at, one] of steps.entries()) {
        if (one.kind === 'advance') fixture.advance(one.by);
        else if (one.kind === 'jump') fixture.jump(one.by);
        else if (one.kind === 'compare')
          fixture.state = { synchronised: true, errorMilliseconds: 5, measurement: `at ${at}` };
        else if (one.kind === 'restart') {
          if (one.clean) await time.close();
          time = fixture.start();
        } else {
          const given = await time.next().catch((error: { code?: string }) => {
            if (error.code !== 'time-not-available') throw error;
          });
          if (!given) continue;
          if (given.getTime() <= last) return false;
          last = given.getTime();
        }
      }
      return true;
    }),
    { numRuns: 200 },
  );
  t.pass('held in every run');
});
