import type { Clock } from '../../core/clock.ts';
import type { ClockSynchronisation } from '../../tsa/clock-synchronisation.ts';
import { ChronyClock } from './chrony-clock.ts';
import { TimesyncdClock } from './timesyncd-clock.ts';
import type { TsaClock } from './tsa-settings.ts';

/** Nobody compares this clock with anything, so it has one measurement for ever: after a jump it is not believed again. */
const UNCHECKED: ClockSynchronisation = {
  state: async () => ({ synchronised: true, errorMilliseconds: 0, measurement: 'none' }),
};

const BY_NAME: Readonly<Record<TsaClock, (clock: Clock) => ClockSynchronisation>> = {
  chrony: () => new ChronyClock(),
  timesyncd: (clock) => new TimesyncdClock({ clock }),
  unchecked: () => UNCHECKED,
};

export function openClock(name: TsaClock, clock: Clock): ClockSynchronisation {
  return BY_NAME[name](clock);
}
