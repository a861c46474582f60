import type { BenchReport } from '../report.ts';

/** One run of all benchmarks: what RESULTS.md and its pictures are made of. */
export interface SuiteResult {
  startedAt: string;
  seconds: number;
  /** Small sizes, which show that everything runs, and measure nothing. */
  isQuick: boolean;
  machine: Record<string, string>;
  /** Of the machine's processors, the part that others had just before each benchmark was above this bound in none. */
  isQuiet: boolean;
  benches: SuiteBench[];
}

export interface SuiteBench {
  name: string;
  seconds: number;
  /** Part of the processors' time that others had, in the seconds before: 0 to 1. */
  busyBefore: number;
  report?: BenchReport;
  /** Why there is none. */
  fault?: string;
}

/** In the order in which they run: what burdens the disk comes last. */
export const SUITE_BENCHES = [
  'keys',
  'crl',
  'ocsp',
  'issuance',
  'sessions',
  'validation',
  'audit',
  'scale',
] as const;
