import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** Counts answers by outcome, and tells whether the clock may be stamped with. */
export function tsaMetrics(
  registry: Registry,
  fault: () => Promise<string | undefined>,
): { answered(outcome: string): void } {
  const registers = [registry];
  const answers = new Counter({
    name: 'mohr_tsa_answers_total',
    help: 'Answers to requests for time stamps: granted, or the failure of RFC 3161.',
    labelNames: ['outcome'],
    registers,
  });
  new Gauge({
    name: 'mohr_tsa_clock_trusted',
    help: '1: the clock is known to be synchronised within the accuracy that time stamps state; 0: nothing is stamped.',
    registers,
    async collect() {
      this.set((await fault()) === undefined ? 1 : 0);
    },
  });
  return { answered: (outcome) => answers.inc({ outcome }) };
}
