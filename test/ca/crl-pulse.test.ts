import t from 'tap';

import { Pulse } from '../../ca/crl/pulse.ts';

/** A pulse whose work ends when the test says so; its interval never passes. */
function fixture() {
  let calls = 0;
  let finish: () => void = () => undefined;
  const pulse = new Pulse({
    intervalMilliseconds: 60_000,
    work: () => {
      calls += 1;
      return new Promise<void>((resolve) => (finish = resolve));
    },
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { pulse, calls: () => calls, finish: () => (finish(), turn()) };
}

t.test('works at once when woken, and never twice at a time', async (t) => {
  const { pulse, calls, finish } = fixture();
  pulse.wake();
  t.equal(calls(), 1);
  pulse.wake();
  pulse.wake();
  t.equal(calls(), 1, 'at work already');
  await finish();
  t.equal(calls(), 2, 'once more for both calls');
  await finish();
  t.equal(calls(), 2);
  pulse.wake();
  t.equal(calls(), 3, 'woken before the interval has passed');
  const stopped = pulse.stop();
  await finish();
  await stopped;
});

t.test('stopping waits for the work at hand and lets nothing follow', async (t) => {
  const { pulse, calls, finish } = fixture();
  pulse.wake();
  pulse.wake();
  let hasStopped = false;
  const stopped = pulse.stop().then(() => (hasStopped = true));
  t.notOk(hasStopped);
  await finish();
  await stopped;
  pulse.wake();
  t.equal(calls(), 1);
});

t.test('works again when the interval has passed', async (t) => {
  let calls = 0;
  await new Promise<void>((resolve) => {
    const pulse = new Pulse({
      intervalMilliseconds: 1,
      work: async () => {
        calls += 1;
        if (calls === 3) void pulse.stop().then(resolve);
      },
    });
    pulse.wake();
  });
  t.equal(calls, 3);
});
