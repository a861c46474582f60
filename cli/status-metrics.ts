import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** Up to where this process has read the status history; a node that hangs back shows beside the others. */
export function statusMetrics(registry: Registry, lastChangeNumber: () => number): void {
  new Gauge({
    name: 'mohr_status_change_number',
    help: 'Number of the last status change that OCSP answers of this process contain.',
    registers: [registry],
    collect() {
      this.set(lastChangeNumber());
    },
  });
}
