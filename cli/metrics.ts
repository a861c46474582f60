import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

import type { MetricsEndpoint } from '../api/metrics-route.ts';
import { openMetricsToken } from './metrics-token.ts';
import type { MetricsTokenSource } from './metrics-token.ts';
import { VERSION } from './package-root.ts';

/** The metrics of one process. Whoever has something to measure makes its instruments on the registry. */
export interface Metrics {
  registry: Registry;
  endpoint: MetricsEndpoint;
}

/** An interactive answer is due within 50 ms; a phone's long poll may wait for half a minute. */
const ANSWER_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 40];

type OcspAnswers = Parameters<MetricsEndpoint['watchOcspAnswers']>[0];

/** Opens the registry with what holds for every process; throws what `openMetricsToken` throws. */
export async function openMetrics(source: MetricsTokenSource): Promise<Metrics> {
  const isToken = await openMetricsToken(source);
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'mohr_build_info',
    help: '1, with the version that runs here.',
    labelNames: ['version'],
    registers,
  }).set({ version: VERSION }, 1);
  const answers = new Histogram({
    name: 'mohr_http_request_duration_seconds',
    help: 'Answered requests by method, route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: ANSWER_SECONDS,
    registers,
  });
  const known = new Map<string, ReturnType<typeof answers.labels>>();
  return {
    registry,
    endpoint: {
      isToken,
      countAnswer: ({ method, route, status, seconds }) => {
        // Looked up once for each: labels are checked and joined at every call, which the status routes would feel.
        const key = `${method} ${status} ${route}`;
        let histogram = known.get(key);
        if (!histogram) {
          histogram = answers.labels({ method, route, status: String(status) });
          known.set(key, histogram);
        }
        histogram.observe(seconds);
      },
      watchOcspAnswers: ocspAnswers(registry),
      render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
    },
  };
}

/** Makes the instrument with the first desk of OCSP; a process that listens twice has two. */
function ocspAnswers(registry: Registry): MetricsEndpoint['watchOcspAnswers'] {
  const watched: OcspAnswers[] = [];
  return (counts) => {
    if (watched.push(counts) > 1) return;
    new Counter({
      name: 'mohr_ocsp_answers_total',
      help: 'OCSP answers by what they said; "again" are those given again to a request that is known, and "overloaded" tryLater for want of signatures.',
      labelNames: ['outcome'],
      registers: [registry],
      collect() {
        this.reset();
        for (const { again, overloaded, byStatus } of watched) {
          this.inc({ outcome: 'again' }, again);
          this.inc({ outcome: 'overloaded' }, overloaded);
          for (const [outcome, count] of Object.entries(byStatus))
            this.inc({ outcome }, outcome === 'tryLater' ? count - overloaded : count);
        }
      },
    });
  };
}
