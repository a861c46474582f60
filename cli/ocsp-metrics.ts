import { Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

import type { RevocationVisibility } from '../ocsp/revocation-visibility.ts';
import type { StatusIndex } from '../ocsp/status-index.ts';

/** What the gauges of OCSP look at when somebody asks. */
export interface WatchedOcsp {
  visibility: Pick<RevocationVisibility, 'confirmedAgeSeconds' | 'isAlarming'>;
  indexes: () => readonly Pick<StatusIndex, 'size' | 'octets'>[];
  hotAnswers: () => number;
}

export interface OcspMetrics {
  onRevocationVisible(seconds: number): void;
  watch(watched: WatchedOcsp): void;
}

const GAUGES = {
  mohr_ocsp_confirmed_age_seconds: [
    'Since the statuses in memory were last known to be current; this becomes the age of thisUpdate.',
    ({ visibility }: WatchedOcsp) => visibility.confirmedAgeSeconds,
  ],
  mohr_ocsp_revocation_alarm: [
    '1: a revocation took more than a second to become visible here in the last five minutes, or may be unseen.',
    ({ visibility }: WatchedOcsp) => Number(visibility.isAlarming),
  ],
  mohr_ocsp_certificates: [
    'Certificates whose status is in memory.',
    ({ indexes }: WatchedOcsp) => sum(indexes().map(({ size }) => size)),
  ],
  mohr_ocsp_index_octets: [
    'Memory that their statuses take.',
    ({ indexes }: WatchedOcsp) => sum(indexes().map(({ octets }) => octets)),
  ],
  mohr_ocsp_hot_answers: [
    'Answers that are prepared before they are asked for.',
    ({ hotAnswers }: WatchedOcsp) => hotAnswers(),
  ],
} as const;

/** Makes the instruments of the OCSP responder on a registry; the gauges once there is something to watch. */
export function ocspMetrics(registry: Registry): OcspMetrics {
  const registers = [registry];
  const visible = new Histogram({
    name: 'mohr_ocsp_revocation_visible_seconds',
    help: "From the commit of a hold or revocation, by the database's clock, to the answers of this node, by its own.",
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 60],
    registers,
  });
  return {
    onRevocationVisible: (seconds) => visible.observe(seconds),
    watch: (watched) => {
      for (const [name, [help, read]] of Object.entries(GAUGES)) {
        new Gauge({
          name,
          help,
          registers,
          collect() {
            this.set(read(watched));
          },
        });
      }
    },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
