/** What the bench tells the process that it measures. */
export type SessionsOrder =
  | { kind: 'open'; databaseUrl: string; folder: string; roster: string; credentials: number }
  | { kind: 'memory' };

export interface SessionsOpened {
  port: number;
  /** Of the relying party. */
  token: string;
}

export interface SessionsMemory {
  residentOctets: number;
}

export const BENCH_PARTY = 'bench-his';
