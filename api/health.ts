import { setTimeout as delay } from 'node:timers/promises';

import { Type } from 'typebox';

import type { ApiServices } from './api-services.ts';
import type { TypedApp } from './typed-app.ts';

const Ready = Type.Object({ ready: Type.Boolean(), checks: Type.Record(Type.String(), Type.String()) });

/** Load balancers ask every few seconds. */
const CHECK_MILLISECONDS_MAX = 2_000;

/** `/health`: the process lives. `/ready`: it can do its work; 503 with the failing part otherwise. */
export function healthRoutes(
  app: TypedApp,
  services: Pick<ApiServices, 'readiness'>,
  stopping?: AbortSignal,
): void {
  app.get(
    '/health',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'health',
        tags: ['service'],
        summary: 'Whether the process lives',
        response: { 200: Type.Object({ live: Type.Boolean() }) },
      },
    },
    () => ({ live: true }),
  );
  app.get(
    '/ready',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'ready',
        tags: ['service'],
        summary: 'Whether the service can do its work',
        response: { 200: Ready, 503: Ready },
      },
    },
    async (_request, reply) => {
      const checks = await runChecks(services.readiness);
      // Balancers go elsewhere before the process stops listening.
      if (stopping?.aborted) checks['stopping'] = 'failed';
      const ready = Object.values(checks).every((result) => result === 'ok');
      return reply
        .code(ready ? 200 : 503)
        .header('cache-control', 'no-store')
        .send({ ready, checks });
    },
  );
}

async function runChecks(readiness: ApiServices['readiness']): Promise<Record<string, string>> {
  const results = await Promise.all(
    Object.entries(readiness).map(async ([name, check]): Promise<[string, string]> => {
      const deadline = new AbortController();
      try {
        await Promise.race([check(), expire(deadline.signal)]);
        return [name, 'ok'];
      } catch {
        // Why, is in the log: this page is public.
        return [name, 'failed'];
      } finally {
        deadline.abort();
      }
    }),
  );
  return Object.fromEntries(results);
}

/** Rejects after the time that a check has: what hangs is not ready, and who asks does not wait for it. */
async function expire(signal: AbortSignal): Promise<never> {
  await delay(CHECK_MILLISECONDS_MAX, undefined, { signal });
  throw new Error('no answer in time');
}
