import { Counter, Registry, collectDefaultMetrics } from 'prom-client';

import type { MetricsEndpoint } from '../api/metrics-route.ts';
import { openMetricsToken } from './metrics-token.ts';
import type { MetricsTokenSource } from './metrics-token.ts';

/** The metrics of one process. Whoever has something to measure makes its instruments on the registry. */
export interface Metrics {
  registry: Registry;
  endpoint: MetricsEndpoint;
}

/** Opens the registry with what holds for every process; throws what `openMetricsToken` throws. */
export async function openMetrics(source: MetricsTokenSource): Promise<Metrics> {
  const isToken = await openMetricsToken(source);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const answers = new Counter({
    name: 'mohr_http_answers_total',
    help: 'Answers by method, route and status.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  const known = new Map<string, ReturnType<typeof answers.labels>>();
  return {
    registry,
    endpoint: {
      isToken,
      countAnswer: ({ method, route, status }) => {
        // Looked up once for each: labels are sorted and joined at every call, which the status routes would feel.
        const key = `${method} ${status} ${route}`;
        let counter = known.get(key);
        if (!counter) {
          counter = answers.labels({ method, route, status: String(status) });
          known.set(key, counter);
        }
        counter.inc();
      },
      render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
    },
  };
}
