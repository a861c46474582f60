import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { ChronyClock } from '../../cli/tsa/chrony-clock.ts';
import { GenTimeMarkFile } from '../../cli/tsa/gen-time-mark-file.ts';
import { openClock } from '../../cli/tsa/open-clock.ts';
import { TimesyncdClock } from '../../cli/tsa/timesyncd-clock.ts';
import { readSettings } from '../../cli/settings.ts';
import { tsaClockOf } from '../../cli/tsa/tsa-settings.ts';
import { ManualClock } from '../../core/clock.ts';
import { NOON } from '../support/fixture-deployment.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// Lines as chrony 4.3 and systemd 252 print them.
const TRACKING =
  'C0248F97,ntp.example,3,1781524800.123456789,-0.000012345,0.000020000,0.000150000,-12.345,0.001,0.050,0.030000000,0.001500000,1037.4,Normal\n';
const NTP_MESSAGE =
  '{ Leap=0, Version=4, Mode=4, Stratum=2, Precision=-25, RootDelay=29.052ms, RootDispersion=823us, Reference=C0248F97, OriginateTimestamp=Mon 2026-06-15 11:59:00 UTC, ReceiveTimestamp=Mon 2026-06-15 11:59:00 UTC, Ignored=no, PacketCount=12, Jitter=1.250ms }\n';

t.test('chrony: error is offset, dispersion and half of the delay', async (t) => {
  const asked: unknown[] = [];
  const clock = new ChronyClock(async (program, args) => {
    asked.push([program, ...args]);
    return TRACKING;
  });
  const state = await clock.state();
  t.same(asked, [['chronyc', '-c', 'tracking']]);
  if (!state.synchronised) return t.fail(state.reason);
  t.ok(Math.abs(state.errorMilliseconds - 16.512345) < 1e-9);
  t.equal(state.measurement, '1781524800.123456789');
});

t.test('chrony: what is no synchronised clock is none', async (t) => {
  const cases: [string, string][] = [
    ['not synchronised', TRACKING.replace('Normal', 'Not synchronised')],
    ['its own reference', TRACKING.replace('C0248F97', '7F7F0101')],
    ['cut off', TRACKING.slice(0, 60)],
    ['empty', ''],
    ['no numbers', TRACKING.replace('0.001500000', 'nan')],
  ];
  for (const [name, line] of cases)
    t.match(await new ChronyClock(async () => line).state(), { synchronised: false }, name);
  const dead = new ChronyClock(() => Promise.reject(new Error('506 Cannot talk to daemon')));
  t.same(await dead.state(), { synchronised: false, reason: 'chronyd does not answer' });
});

t.test('timesyncd: the file, the kernel and the server each have a say', async (t) => {
  const folder = temporaryFolder(t);
  const synchronizedFile = join(folder, 'synchronized');
  const clock = new ManualClock(NOON);
  let kernel = 'yes\n';
  let message = NTP_MESSAGE;
  const run = async (_program: string, args: readonly string[]) => (args[0] === 'show' ? kernel : message);
  const timesyncd = new TimesyncdClock({ clock, run, synchronizedFile });
  t.match(await timesyncd.state(), { synchronised: false, reason: /has not synchronised/ }, 'no file');
  writeFileSync(synchronizedFile, '');
  const synchronised = new Date(NOON.getTime() - 1_000_000);
  utimesSync(synchronizedFile, synchronised, synchronised);
  const state = await timesyncd.state();
  if (!state.synchronised) return t.fail(state.reason);
  // 29.052 / 2 + 0.823 + 1.25, and 50 ms that a quartz drifts in a thousand seconds.
  t.ok(Math.abs(state.errorMilliseconds - 66.599) < 1e-6);
  kernel = 'no\n';
  t.match(await timesyncd.state(), { reason: /kernel/ });
  kernel = 'yes\n';
  message = '{ Leap=0 }\n';
  t.match(await timesyncd.state(), { reason: /cannot be read/ });
  message = NTP_MESSAGE;
  clock.set(new Date(synchronised.getTime() + 3 * 2_048_000 + 1));
  t.match(await timesyncd.state(), { synchronised: false, reason: /for long/ });
});

t.test('a clock that nobody checks has one measurement for ever', async (t) => {
  const clock = openClock('unchecked', new ManualClock(NOON));
  t.same(await clock.state(), await clock.state());
});

t.test('on this machine the real programs are asked, or are said not to answer', async (t) => {
  for (const name of ['chrony', 'timesyncd'] as const) {
    const state = await openClock(name, new ManualClock(NOON)).state();
    t.type(state.synchronised, 'boolean', name);
  }
});

t.test('the mark is kept in a file, and a damaged one is not taken for none', async (t) => {
  const folder = temporaryFolder(t);
  const mark = new GenTimeMarkFile(folder);
  t.equal(await mark.load(), undefined);
  await mark.reserve(NOON);
  t.same(await new GenTimeMarkFile(folder).load(), NOON);
  writeFileSync(join(folder, 'tsa-time-mark'), 'soon');
  await t.rejects(mark.load(), { code: 'time-mark-damaged' });
});

t.test('settings', (t) => {
  const settingsOf = (args: string[]) => readSettings(args, {});
  const { settings } = settingsOf([]) as { settings: Parameters<typeof tsaClockOf>[0] };
  t.match(settings, { tsaAccuracyMilliseconds: 1_000 });
  t.equal(tsaClockOf(settings), 'unchecked');
  t.equal(tsaClockOf({ ...settings, databaseUrl: 'postgres://db.example/mohr' }), 'chrony');
  t.equal(tsaClockOf({ ...settings, tsaClock: 'timesyncd' }), 'timesyncd');
  const wrong = [
    ['--tsa-clock', 'sundial'],
    ['--tsa-accuracy-ms', '0'],
    ['--tsa-policy', '3.1'],
    ['--tsa-url', 'ftp://tsa.example'],
  ];
  for (const args of wrong) t.equal(settingsOf(args).faults?.length, 1, args.join(' '));
  t.end();
});
