import type { ClockState, ClockSynchronisation } from '../../tsa/clock-synchronisation.ts';
import { runClockProgram } from './run-clock-program.ts';
import type { RunProgram } from './run-clock-program.ts';

/** Fields of `chronyc -c tracking`, in their order. */
const FIELDS = [
  'referenceId',
  'referenceName',
  'stratum',
  'referenceTime',
  'systemTime',
  'lastOffset',
  'rmsOffset',
  'frequency',
  'residualFrequency',
  'skew',
  'rootDelay',
  'rootDispersion',
  'updateInterval',
  'leapStatus',
] as const;

const LEAP_STATUSES_OF_SYNCHRONISED = ['Normal', 'Insert second', 'Delete second'];

/** What chronyd says of the clock. */
export class ChronyClock implements ClockSynchronisation {
  readonly #run: RunProgram;

  constructor(run: RunProgram = runClockProgram) {
    this.#run = run;
  }

  async state(): Promise<ClockState> {
    try {
      return stateOf(await this.#run('chronyc', ['-c', 'tracking']));
    } catch {
      return { synchronised: false, reason: 'chronyd does not answer' };
    }
  }
}

function stateOf(line: string): ClockState {
  const values = line.trim().split(',');
  const field = (name: (typeof FIELDS)[number]) => values[FIELDS.indexOf(name)] ?? '';
  if (!LEAP_STATUSES_OF_SYNCHRONISED.includes(field('leapStatus')))
    return { synchronised: false, reason: 'chronyd says that the clock is not synchronised' };
  // 7F7F0101 is the local reference clock: the machine compares itself with itself.
  if (field('referenceId') === '7F7F0101')
    return { synchronised: false, reason: 'chronyd has no reference but the clock itself' };
  // The bound that chrony's own documentation gives: offset, root dispersion and half of the root delay.
  const seconds =
    Math.abs(Number(field('systemTime'))) + Number(field('rootDispersion')) + Number(field('rootDelay')) / 2;
  if (values.length < FIELDS.length || !Number.isFinite(seconds))
    return { synchronised: false, reason: 'chronyd says what cannot be read' };
  return { synchronised: true, errorMilliseconds: seconds * 1_000, measurement: field('referenceTime') };
}
