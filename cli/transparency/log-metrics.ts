import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

import type { TransparencyStore } from '../../audit/transparency-store.ts';
import { errorCode } from '../../core/errors.ts';
import type { Clock } from '../../core/clock.ts';

interface Observed {
  size: number;
  unsequenced: number;
  unsequencedSeconds: number;
  checkpointSize: number;
  checkpointSeconds: number;
  /** Size of the last checkpoint that each witness has cosigned. */
  witnessed: [string, number][];
}

const GAUGES = {
  mohr_log_leaves: ['Leaves of the transparency log.', ({ size }: Observed) => size],
  mohr_log_unsequenced_events: [
    'Events that wait for their leaf.',
    ({ unsequenced }: Observed) => unsequenced,
  ],
  mohr_log_unsequenced_seconds: [
    'How long the oldest event has waited for its leaf.',
    ({ unsequencedSeconds }: Observed) => unsequencedSeconds,
  ],
  mohr_log_checkpoint_leaves: [
    'Leaves that the newest checkpoint is of.',
    ({ checkpointSize }: Observed) => checkpointSize,
  ],
  mohr_log_checkpoint_seconds: [
    'Age of the newest checkpoint while leaves are there that it is not of; else 0.',
    ({ checkpointSeconds }: Observed) => checkpointSeconds,
  ],
} as const;

export interface LogMetrics {
  onFailure(error: unknown): void;
}

/** Makes the instruments of the log; the database is asked when somebody looks. */
export function logMetrics(
  registry: Registry,
  watched: { transparency: TransparencyStore; clock: Clock; witnesses: readonly string[] },
): LogMetrics {
  const registers = [registry];
  // Whoever looks has all gauges collected at once: they ask together.
  let asking: Promise<Observed | undefined> | undefined;
  const ask = () =>
    (asking ??= observe(watched)
      .catch(() => undefined)
      .finally(() => (asking = undefined)));
  for (const [name, [help, read]] of Object.entries(GAUGES))
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const observed = await ask();
        this.set(observed ? read(observed) : NaN);
      },
    });
  new Gauge({
    name: 'mohr_log_witness_lag_leaves',
    help: 'Leaves of the newest checkpoint that a witness has not cosigned.',
    labelNames: ['witness'],
    registers,
    async collect() {
      const { witnessed = [], checkpointSize = 0 } = (await ask()) ?? {};
      for (const [witness, size] of witnessed) this.set({ witness }, checkpointSize - size);
    },
  });
  const failures = new Counter({
    name: 'mohr_log_failures_total',
    help: 'What failed about the log outside of the database: signing, keeping, stamping, witnesses; by code of the error.',
    labelNames: ['code'],
    registers,
  });
  return { onFailure: (error) => failures.inc({ code: errorCode(error) ?? 'unexpected' }) };
}

async function observe({
  transparency,
  clock,
  witnesses,
}: Parameters<typeof logMetrics>[1]): Promise<Observed> {
  const now = clock.now().getTime();
  const { size, unsequenced, oldestUnsequencedAt } = await transparency.figures();
  const last = await transparency.latestCheckpoint();
  const witnessed = await transparency.witnessed();
  const secondsSince = (at: Date | undefined) => (at ? Math.max(0, (now - at.getTime()) / 1000) : 0);
  return {
    size,
    unsequenced,
    unsequencedSeconds: secondsSince(oldestUnsequencedAt),
    checkpointSize: last?.size ?? 0,
    checkpointSeconds: last && last.size < size ? secondsSince(last.signedAt) : 0,
    witnessed: witnesses.map((name) => [name, witnessed.get(name) ?? 0]),
  };
}
