import t from 'tap';

import { KeyError } from '../../keys/key-error.ts';
import { measureSigner } from '../../keys/signer-speed.ts';
import { memorySigner } from '../support/memory-signer.ts';

t.test('counts the signatures of the given time', async (t) => {
  let nowMs = 0;
  const signer = { ...memorySigner(), sign: async () => Buffer.alloc(0 * (nowMs += 5)) };
  const speed = await measureSigner(signer, { seconds: 2, concurrency: 1, elapsedMs: () => nowMs });
  t.strictSame(speed, { signaturesPerSecond: 200, signatures: 400, seconds: 2 });
});

t.test('keeps as many signatures under way as it is told', async (t) => {
  let nowMs = 0;
  let running = 0;
  let most = 0;
  const sign = async (): Promise<Buffer> => {
    running += 1;
    most = Math.max(most, running);
    await new Promise(setImmediate);
    running -= 1;
    nowMs += 100;
    return Buffer.alloc(0);
  };
  await measureSigner({ ...memorySigner(), sign }, { seconds: 1, concurrency: 7, elapsedMs: () => nowMs });
  t.equal(most, 7);
});

t.test('lets others run while it measures', async (t) => {
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 1);
  await measureSigner(memorySigner(), { seconds: 0.1, concurrency: 1 });
  clearInterval(timer);
  t.ok(ticks >= 3, `${ticks} ticks`);
});

t.test('signs once even in no time, and rejects with the signer’s refusal', async (t) => {
  const speed = await measureSigner(memorySigner(), { seconds: 0, concurrency: 1 });
  t.equal(speed.signatures, 1);
  const away = { ...memorySigner(), sign: () => Promise.reject(new KeyError('key-unavailable', 'no token')) };
  await t.rejects(measureSigner(away, { seconds: 1, concurrency: 4 }), { code: 'key-unavailable' });
});
