import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** What a pool says of itself. */
export interface WatchedPool {
  totalCount: number;
  idleCount: number;
  waitingCount: number;
}

/** How many connections to the database are at work, and how many requests wait for one. */
export function poolMetrics(registry: Registry, pool: WatchedPool): void {
  new Gauge({
    name: 'mohr_database_connections',
    help: 'Connections of the pool by state; "waiting" are requests that have none yet.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
      this.set({ state: 'idle' }, pool.idleCount);
      this.set({ state: 'waiting' }, pool.waitingCount);
    },
  });
}
