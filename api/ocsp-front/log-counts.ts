import type { FastifyInstance } from 'fastify';

import type { OcspCounts } from './ocsp-counts.ts';

const INTERVAL_MILLISECONDS = 60_000;

/**
 * The access log of OCSP: a line a minute with the counts since the start, at `info`, or at `warn` when somebody was turned
 * away. A line for each of ten thousand requests a second would cost more than the answers, and would say who looks at whose
 * prescriptions.
 */
export function logCounts(app: FastifyInstance, counts: OcspCounts): void {
  let told = '';
  let turnedAway = 0;
  const timer = setInterval(() => {
    const now = JSON.stringify(counts);
    if (now === told) return;
    told = now;
    const level = counts.overloaded > turnedAway ? 'warn' : 'info';
    turnedAway = counts.overloaded;
    app.log[level]({ answers: { ...counts } }, 'OCSP answers since the start');
  }, INTERVAL_MILLISECONDS);
  timer.unref();
  app.addHook('onClose', async () => clearInterval(timer));
}
