/** What is looked at, in this order. */
export const CHECKS = [
  'settings',
  'database',
  'migrations',
  'replication',
  'backups',
  'clock',
  'files',
  'disk',
  'keys',
  'certificates',
  'crls',
  'ocsp',
  'addresses',
  'log',
  'registers',
  'messages',
] as const;
export type Check = (typeof CHECKS)[number];

/** `warning`: will be a fault if nobody does anything. `critical`: is one now. */
export type Severity = 'ok' | 'warning' | 'critical';

export interface Diagnosis {
  check: Check;
  severity: Severity;
  /** What was found; no secret, no person. */
  finding: string;
  /** What to do; absent when all is well. */
  advice?: string;
}

/** Says things of one check. */
export interface Examiner {
  ok(finding: string): void;
  warn(finding: string, advice: string): void;
  fail(finding: string, advice: string): void;
}

export function examinerOf(check: Check, diagnoses: Diagnosis[]): Examiner {
  return {
    ok: (finding) => void diagnoses.push({ check, severity: 'ok', finding }),
    warn: (finding, advice) => void diagnoses.push({ check, severity: 'warning', finding, advice }),
    fail: (finding, advice) => void diagnoses.push({ check, severity: 'critical', finding, advice }),
  };
}

/** As monitoring programs expect it: 0 all is well, 1 a warning, 2 is a wrong call, 3 a fault. */
export function exitCodeOf(diagnoses: readonly Diagnosis[]): number {
  if (diagnoses.some(({ severity }) => severity === 'critical')) return 3;
  return diagnoses.some(({ severity }) => severity === 'warning') ? 1 : 0;
}
