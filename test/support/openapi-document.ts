import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { pino } from 'pino';

import type { ApiServices } from '../../api/api-services.ts';
import { buildApp } from '../../api/app.ts';
import { consoleUrlOf } from '../../cli/console-url.ts';
import { SETTINGS } from '../../cli/settings.ts';
import { systemClock } from '../../core/clock.ts';

/** Where the description of the API is kept for readers without a running service. */
export const OPENAPI_FILE = fileURLToPath(new URL('../../docs/openapi.json', import.meta.url));

/** It counts nothing. */
const NO_METRICS = { watchOcspAnswers: () => undefined };

/** The document at `/docs/json` of a service with default settings; the routes say everything, so nothing runs behind them. */
export async function openapiDocument(): Promise<unknown> {
  const publicUrl = `http://${SETTINGS.host.fallback}:${SETTINGS.port.fallback}`;
  const known = {
    publicUrl,
    consoleUrl: consoleUrlOf(publicUrl),
    authorities: [],
    practiceStatement: '',
    metrics: NO_METRICS,
  };
  const services = { ...known, clock: systemClock, offices: {} } as unknown as ApiServices;
  const app = await buildApp(services, { logger: pino({ level: 'silent' }), version: version() });
  try {
    await app.ready();
    return JSON.parse(JSON.stringify(app.swagger())) as unknown;
  } finally {
    await app.close();
  }
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
