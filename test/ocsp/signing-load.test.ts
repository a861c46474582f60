import t from 'tap';

import { SigningLoad } from '../../ocsp/signing-load.ts';

const SIGNATURE = Buffer.alloc(1);

t.test('has room for what a turn of the event loop may sign, and again in the next one', async (t) => {
  let nowMs = 0;
  const load = new SigningLoad(() => nowMs);
  const sign = () => {
    nowMs += 5;
    return SIGNATURE;
  };
  for (let signed = 0; signed < 16; signed += 1) {
    t.ok(load.hasRoom, `a slow key signs ${signed} all the same`);
    load.here(sign);
  }
  t.notOk(load.hasRoom);
  await new Promise(setImmediate);
  t.ok(load.hasRoom);
});

t.test('signs hundreds of times in a turn with a key that is fast', (t) => {
  let nowMs = 0;
  const load = new SigningLoad(() => nowMs);
  for (let signed = 0; signed < 800; signed += 1) {
    t.ok(load.hasRoom);
    load.here(() => {
      nowMs += 1 / 32;
      return SIGNATURE;
    });
  }
  t.notOk(load.hasRoom);
  t.end();
});

t.test('lets as many wait for a key elsewhere as it signs in the time that they may wait', async (t) => {
  let nowMs = 0;
  const load = new SigningLoad(() => nowMs);
  // Two milliseconds a signature: 25 of them take 50.
  for (let signed = 0; signed < 50; signed += 1) {
    await load.elsewhere(async () => {
      nowMs += 2;
      return SIGNATURE;
    });
  }
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const waiting: Promise<Buffer>[] = [];
  while (load.hasRoom)
    waiting.push(
      load.elsewhere(async () => {
        await held;
        return SIGNATURE;
      }),
    );
  t.equal(waiting.length, 26);
  release();
  await Promise.all(waiting);
  t.ok(load.hasRoom);
});

t.test('a key that fails takes no room', async (t) => {
  const load = new SigningLoad();
  const failing = async (): Promise<Buffer> => {
    throw new Error('away');
  };
  for (let failed = 0; failed < 2000; failed += 1) await load.elsewhere(failing).catch(() => undefined);
  t.ok(load.hasRoom);
});
