import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

import type { Clock } from '../core/clock.ts';

/** What runs in the background by itself; the table of docs/OPERATIONS.md says how often. */
export const JOBS = [
  'callbacks',
  'cards',
  'heartbeat',
  'holds',
  'licence-feed',
  'licence-messages',
  'messages',
  'papers',
  'push',
  'reminders',
  'responders',
  'sessions',
  'session-pruning',
  'unaccepted',
  'unactivated',
] as const;
export type JobName = (typeof JOBS)[number];

/** Passes a job's work on, and remembers how it ended. */
export type WatchJob = <Value>(name: JobName, work: Promise<Value>) => Promise<Value>;

/** Makes the instruments of jobs on a registry. Alerts compare the last success with the time: a job that hangs shows, too. */
export function watchJobs(registry: Registry, clock: Clock): WatchJob {
  const registers = [registry];
  const runs = new Counter({
    name: 'mohr_job_runs_total',
    help: 'Runs of background jobs that ended, by outcome.',
    labelNames: ['job', 'outcome'],
    registers,
  });
  const successes = new Gauge({
    name: 'mohr_job_last_success_timestamp_seconds',
    help: 'When a background job of this process last ended well; the start of the process before the first time.',
    labelNames: ['job'],
    registers,
  });
  const begun = new Set<JobName>();
  const now = () => clock.now().getTime() / 1000;
  return (job, work) => {
    if (!begun.has(job)) successes.set({ job }, now());
    begun.add(job);
    return work.then(
      (value) => {
        runs.inc({ job, outcome: 'done' });
        successes.set({ job }, now());
        return value;
      },
      (error: unknown) => {
        runs.inc({ job, outcome: 'failed' });
        throw error;
      },
    );
  };
}
