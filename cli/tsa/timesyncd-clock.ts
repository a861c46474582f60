import { stat } from 'node:fs/promises';

import type { Clock } from '../../core/clock.ts';
import type { ClockState, ClockSynchronisation } from '../../tsa/clock-synchronisation.ts';
import { runClockProgram } from './run-clock-program.ts';
import type { RunProgram } from './run-clock-program.ts';

export interface TimesyncdOptions {
  clock: Clock;
  run?: RunProgram;
  /** Touched by systemd-timesyncd each time that it has synchronised. */
  synchronizedFile?: string;
}

const SYNCHRONIZED_FILE = '/run/systemd/timesync/synchronized';

/** systemd-timesyncd asks its server every 2,048 seconds at the longest (PollIntervalMaxSec); two of these may be lost. */
const AGE_MILLISECONDS_MAX = 3 * 2_048 * 1_000;

/** What a quartz drifts in that time at 50 parts in a million, which no server corrects. */
const DRIFT_PER_MILLISECOND = 50e-6;

/** What systemd-timesyncd and the kernel say of the clock. */
export class TimesyncdClock implements ClockSynchronisation {
  readonly #clock: Clock;
  readonly #run: RunProgram;
  readonly #file: string;

  constructor({ clock, run = runClockProgram, synchronizedFile = SYNCHRONIZED_FILE }: TimesyncdOptions) {
    this.#clock = clock;
    this.#run = run;
    this.#file = synchronizedFile;
  }

  async state(): Promise<ClockState> {
    const mtime = await stat(this.#file).then(
      (stats) => stats.mtimeMs,
      () => undefined,
    );
    if (mtime === undefined)
      return { synchronised: false, reason: 'systemd-timesyncd has not synchronised the clock' };
    const age = this.#clock.now().getTime() - mtime;
    if (age > AGE_MILLISECONDS_MAX)
      return { synchronised: false, reason: 'systemd-timesyncd has not synchronised the clock for long' };
    try {
      const isSynchronised = await this.#run('timedatectl', [
        'show',
        '--property=NTPSynchronized',
        '--value',
      ]);
      if (isSynchronised.trim() !== 'yes')
        return { synchronised: false, reason: 'the kernel says that the clock is not synchronised' };
      const message = await this.#run('timedatectl', ['show-timesync', '--property=NTPMessage', '--value']);
      return stateOf(message, Math.max(age, 0), mtime);
    } catch {
      return { synchronised: false, reason: 'systemd-timesyncd does not answer' };
    }
  }
}

/** The server's own distance to its reference, what the answers scatter, and what may have drifted since. */
function stateOf(message: string, age: number, mtime: number): ClockState {
  const delay = millisecondsOf(message, 'RootDelay');
  const dispersion = millisecondsOf(message, 'RootDispersion');
  const jitter = millisecondsOf(message, 'Jitter');
  const errorMilliseconds = delay / 2 + dispersion + jitter + age * DRIFT_PER_MILLISECOND;
  if (!Number.isFinite(errorMilliseconds))
    return { synchronised: false, reason: 'systemd-timesyncd says what cannot be read' };
  return { synchronised: true, errorMilliseconds, measurement: String(mtime) };
}

const MILLISECONDS_OF_UNIT: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1_000, '': 1_000 };

/** systemd's spans of time: `29.052ms`, `823us`, `1.2s`, `1s 20ms`, `0`; NaN when it is not there. */
function millisecondsOf(message: string, name: string): number {
  const field = message.split(/[{},]/).find((part) => part.trim().startsWith(`${name}=`));
  const parts = field?.split('=')[1].trim().split(' ') ?? [''];
  return parts.reduce((total, part) => {
    const [, number, unit] = /^([0-9.]+)([a-z]*)$/.exec(part) ?? [];
    return total + Number(number) * (MILLISECONDS_OF_UNIT[unit ?? 'none'] ?? NaN);
  }, 0);
}
