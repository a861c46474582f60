import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

import { issuedScopes } from '../ca/crl/crl-due.ts';
import { crlFreshness } from '../ca/crl/crl-freshness.ts';
import type { CrlAuthority, CrlHouse } from '../ca/crl/crl-house.ts';
import { scopeKey, scopeName } from '../ca/crl/crl-scope.ts';
import type { CrlHead } from '../ca/crl/crl-store.ts';
import type { PublishedCrls } from '../ca/crl/crl-cache.ts';
import { errorCode } from '../core/errors.ts';
import type { Clock } from '../core/clock.ts';

/** What CRL metrics look at; without authorities of its own, a node that only serves. */
export interface WatchedCrls {
  cache: PublishedCrls;
  clock: Clock;
  policy: CrlHouse['policy'];
  authorities: readonly CrlAuthority[];
}

export interface CrlMetrics {
  onIssued: NonNullable<CrlHouse['onIssued']>;
  onFailure(error: unknown): void;
}

const LABELS = ['authority', 'scope'] as const;

/** Gauges that are read off a CRL's head. */
const GAUGES = {
  mohr_crl_number: ['Number of the CRL in force.', ({ crlNumber }: Observed) => crlNumber],
  mohr_crl_change_number: [
    'The CRL in force contains every status change up to this number.',
    ({ lastChangeNumber }: Observed) => lastChangeNumber,
  ],
  mohr_crl_seconds_to_next_update: [
    'Until the CRL in force must not be used any more.',
    ({ secondsToNextUpdate }: Observed) => secondsToNextUpdate,
  ],
  mohr_crl_overdue_seconds: [
    'How long a newer CRL should have been there.',
    ({ overdueSeconds }: Observed) => overdueSeconds,
  ],
  mohr_crl_alarm: [
    '1: this CRL is missing, or two fifths of its life at most are left; a person has to look.',
    ({ isAlarming }: Observed) => Number(isAlarming),
  ],
} as const;

/** CRLs are issued at half of their life: with less than this left, issuing has failed for hours. */
const ALARMING_SHARE_LEFT = 0.4;

const KIND_OF = { complete: 'complete', shard: 'shards', delta: 'delta' } as const;

interface Observed {
  crlNumber: number;
  lastChangeNumber: number;
  secondsToNextUpdate: number;
  overdueSeconds: number;
  isAlarming: boolean;
}

/** Makes the instruments of CRLs on a registry; gauges are read when somebody looks. */
export function crlMetrics(registry: Registry, watched: WatchedCrls): CrlMetrics {
  const registers = [registry];
  for (const [name, [help, read]] of Object.entries(GAUGES)) {
    new Gauge({
      name,
      help,
      labelNames: LABELS,
      registers,
      collect() {
        this.reset();
        for (const { head, observed } of observe(watched)) this.set(head, read(observed));
        if (name === 'mohr_crl_alarm') for (const missing of missingScopes(watched)) this.set(missing, 1);
      },
    });
  }
  const builds = new Histogram({
    name: 'mohr_crl_build_seconds',
    help: 'From the decision to issue a CRL to the CRL that is published.',
    labelNames: ['kind'],
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    registers,
  });
  const sizes = new Gauge({
    name: 'mohr_crl_octets',
    help: 'Size of the newest.',
    labelNames: LABELS,
    registers,
  });
  const failures = new Counter({
    name: 'mohr_crl_failures_total',
    help: 'Attempts at CRLs that failed, by code of the error.',
    labelNames: ['code'],
    registers,
  });
  return {
    onIssued: ({ scope }, { seconds, octets }) => {
      builds.observe({ kind: scope.kind }, seconds);
      sizes.set({ authority: scope.authorityId, scope: scopeName(scope) }, octets);
    },
    onFailure: (error) => failures.inc({ code: errorCode(error) ?? 'unexpected' }),
  };
}

function* observe({ cache, clock, policy, authorities }: WatchedCrls) {
  const ours = new Map(authorities.map((one) => [one.authority.id, one]));
  for (const head of cache.heads()) {
    const owner = ours.get(head.scope.authorityId);
    // What was switched off runs out and alarms nobody.
    if (owner && !owner[KIND_OF[head.scope.kind]]) continue;
    const [freshness] = crlFreshness([head], clock.now(), policy);
    // An offline CA's list comes from a ceremony, when its time has come.
    const overdueSeconds = owner ? freshness.overdueSeconds : 0;
    const lifeSeconds = (head.nextUpdate.getTime() - head.thisUpdate.getTime()) / 1000;
    const isAlarming = freshness.secondsToNextUpdate <= ALARMING_SHARE_LEFT * lifeSeconds;
    const observed: Observed = { ...head, ...freshness, overdueSeconds, isAlarming };
    yield { head: labelsOf(head), observed };
  }
}

function missingScopes({ cache, authorities }: WatchedCrls) {
  const there = new Set(cache.heads().map(({ scope }) => scopeKey(scope)));
  return authorities
    .flatMap(issuedScopes)
    .filter((scope) => !there.has(scopeKey(scope)))
    .map((scope) => labelsOf({ scope }));
}

function labelsOf({ scope }: Pick<CrlHead, 'scope'>) {
  return { authority: scope.authorityId, scope: scopeName(scope) };
}
