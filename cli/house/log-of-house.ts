import { distantLog } from '../transparency/distant-log.ts';
import { openLog } from '../transparency/open-log.ts';
import type { LogPublisher, RunningLog } from '../transparency/open-log.ts';
import { rememberLog } from '../transparency/remember-log.ts';
import type { Ground } from './ground.ts';

/** The log where this process has its key: it orders, signs and publishes. */
export async function openOwnLog(
  { options, stores, metrics, closers }: Ground,
  stamp?: (hash: Buffer) => Promise<Buffer>,
): Promise<RunningLog> {
  const { registry } = metrics;
  const log = await openLog({ ...options, stores, registry, ...(stamp && { stamp }) });
  closers.unshift(() => log.close());
  return log;
}

/** The log where another process has its key: read here, and its last checkpoint kept, so that an older database is noticed. */
export function openDistantLog({ options, stores, closers }: Ground): LogPublisher {
  closers.unshift(rememberLog({ ...options, settings: options }));
  return distantLog(stores.transparency);
}
