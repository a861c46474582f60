import type { Test } from 'tap';

import { systemClock } from '../../core/clock.ts';
import { onPostgres } from './both-databases.ts';
import { freePort } from './free-port.ts';
import { openTestService } from './test-service.ts';
import type { TestService } from './test-service.ts';

/** Runs what a guide tells its reader, against a service on PostgreSQL that listens on a port and has the real time. */
export async function onListeningService(
  t: Test,
  run: (t: Test, service: TestService, publicUrl: string) => Promise<void>,
): Promise<void> {
  await onPostgres(
    t,
    async (t, { opened, dataDirectory }) => {
      const port = await freePort();
      const publicUrl = `http://127.0.0.1:${port}`;
      const service = await openTestService({ opened, dataDirectory, clock: systemClock, publicUrl });
      try {
        await service.app.listen({ host: '127.0.0.1', port });
        await run(t, service, publicUrl);
      } finally {
        await service.close();
      }
    },
    'first-start',
  );
}
