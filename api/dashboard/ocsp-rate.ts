import type { Clock } from '../../core/clock.ts';
import type { OcspCounts } from '../ocsp-front/ocsp-counts.ts';

/** The rate is one of the last minutes. */
const WINDOW_MILLISECONDS = 300_000;
const SAMPLES_MAX = 100;

/** OCSP answers a second, between the times when somebody looks. */
export class OcspRate {
  readonly #clock: Clock;
  readonly #samples: { at: number; answers: number }[];
  counts: OcspCounts | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#samples = [{ at: clock.now().getTime(), answers: 0 }];
  }

  /** Answers since the start, and a second lately; counts of this process only. */
  read(): { answers: number; perSecond: number } {
    const at = this.#clock.now().getTime();
    const answers = totalOf(this.counts);
    while (this.#samples.length > 1 && this.#samples[1].at <= at - WINDOW_MILLISECONDS) this.#samples.shift();
    const [first] = this.#samples;
    if (this.#samples.length < SAMPLES_MAX) this.#samples.push({ at, answers });
    const seconds = Math.max(1, (at - first.at) / 1000);
    return { answers, perSecond: Math.round(((answers - first.answers) / seconds) * 100) / 100 };
  }
}

function totalOf(counts: OcspCounts | undefined): number {
  if (!counts) return 0;
  return Object.values(counts.byStatus).reduce((sum, count) => sum + count, counts.again);
}
