export const BENCH_PROFILE = 'signing-phone';

/** What the benchmark asks of the process that is measured. */
export type WorkerOrder =
  /** `isMade`: authorities and officers are there. */
  | { kind: 'open'; databaseUrl: string; folder: string; isMade?: boolean }
  | { kind: 'bulk' | 'single'; roster: string };

export interface WorkerAnswer {
  /** Of the whole roster, or of each of its rows. */
  milliseconds: number[];
}
