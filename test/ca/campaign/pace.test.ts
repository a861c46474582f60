import t from 'tap';

import { Pace } from '../../../ca/campaign/pace.ts';
import { progressText } from '../../../ca/campaign/progress.ts';
import { applicationIdOfRequest, isOfCampaign } from '../../../ca/campaign/request-origin.ts';
import { ManualClock, systemClock } from '../../../core/clock.ts';
import { isUuid, newId } from '../../../core/ids.ts';
import { digest } from '../../../pki/digest-algorithm.ts';

t.test('spreads units evenly and saves no unused time', async (t) => {
  const clock = new ManualClock(new Date('2026-01-01T00:00:00Z'));
  const waits: number[] = [];
  const wait = async (milliseconds: number) => {
    waits.push(milliseconds);
    clock.advanceSeconds(milliseconds / 1000);
  };
  const pace = new Pace({ perSecond: 10, clock, wait });
  await pace.take(5);
  await pace.take(1);
  await pace.take(1);
  clock.advanceSeconds(60);
  await pace.take(1);
  await pace.take(1);
  t.same(waits, [500, 100, 100]);
});

t.test('says rows, outcomes, rate and time left', async (t) => {
  const counts = { issued: 90, refused: 10 };
  t.equal(
    progressText({ part: 0.25, elapsedSeconds: 50, counts }),
    '100 rows, 90 issued, 10 refused, 2/s, 25 %, 3 min left',
  );
  t.equal(progressText({ elapsedSeconds: 0, counts: {} }), '0 rows, 0/s');
});

t.test(
  'the id of a request is a UUID, always the same, and sorts before ids of single applications',
  async (t) => {
    const id = applicationIdOfRequest(digest('sha256', Buffer.from('request')));
    t.ok(isUuid(id));
    t.equal(id, applicationIdOfRequest(digest('sha256', Buffer.from('request'))));
    t.not(id, applicationIdOfRequest(digest('sha256', Buffer.from('another'))));
    t.ok(isOfCampaign(id));
    const single = newId(systemClock);
    t.notOk(isOfCampaign(single));
    t.ok(id < single);
  },
);
