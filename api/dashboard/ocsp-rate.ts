import type { FastifyInstance } from 'fastify';

import type { Clock } from '../../core/clock.ts';
import type { OcspCounts } from '../ocsp-front/ocsp-counts.ts';

const SAMPLE_MILLISECONDS = 60_000;
/** The last hour, and where it began. */
const SAMPLES_MAX = 61;
/** The rate of now is one of the last minutes. */
const WINDOW_MILLISECONDS = 300_000;

interface Sample {
  at: number;
  answers: number;
}

/** OCSP answers a second: lately, and in each minute of the last hour. Counts of this process only. */
export class OcspRate {
  readonly #clock: Clock;
  readonly #samples: Sample[];
  counts: OcspCounts | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#samples = [this.#now()];
  }

  sample(): void {
    this.#samples.push(this.#now());
    if (this.#samples.length > SAMPLES_MAX) this.#samples.shift();
  }

  read(): { answers: number; perSecond: number; lastHour: { at: string; perSecond: number }[] } {
    const now = this.#now();
    const [oldest] = this.#samples;
    const first = this.#samples.find(({ at }) => at > now.at - WINDOW_MILLISECONDS) ?? oldest;
    // The minute that is under way counts too.
    const ends = [...this.#samples.slice(1), now];
    return {
      answers: now.answers,
      perSecond: rateBetween(first, now),
      lastHour: ends.map((end, index) => ({
        at: new Date(end.at).toISOString(),
        perSecond: rateBetween(this.#samples[index], end),
      })),
    };
  }

  #now(): Sample {
    return { at: this.#clock.now().getTime(), answers: totalOf(this.counts) };
  }
}

/** Counts each minute, for as long as the service runs. */
export function sampleEachMinute(app: FastifyInstance, rate: OcspRate): void {
  const timer = setInterval(() => rate.sample(), SAMPLE_MILLISECONDS);
  timer.unref();
  app.addHook('onClose', async () => clearInterval(timer));
}

function rateBetween(first: Sample, second: Sample): number {
  const seconds = Math.max(1, (second.at - first.at) / 1000);
  return Math.round(((second.answers - first.answers) / seconds) * 100) / 100;
}

function totalOf(counts: OcspCounts | undefined): number {
  if (!counts) return 0;
  return Object.values(counts.byStatus).reduce((sum, count) => sum + count, counts.again);
}
