import { DomainError } from '../core/errors.ts';
import type { BenchFigure, BenchReport } from '../bench/report.ts';

/** Filling a database with a million certificates takes minutes: only for who asks. */
const GROWTH = '--growth';

/** Each benchmark is loaded when it is asked for: none of their peers and worker threads burden the service. */
const BENCHES: Readonly<Record<string, (flags: readonly string[]) => Promise<BenchReport>>> = {
  audit: async () => (await import('../bench/audit.ts')).benchAudit(),
  crl: async () => (await import('../bench/crl.ts')).benchCrl(),
  issuance: async (flags) =>
    (await import('../bench/issuance.ts')).benchIssuance({ growth: flags.includes(GROWTH) }),
  ocsp: async () => (await import('../bench/ocsp.ts')).benchOcsp(),
  search: async () => (await import('../bench/search.ts')).benchSearch(),
  sessions: async () => (await import('../bench/sessions.ts')).benchSessions(),
  validation: async () => (await import('../bench/validation.ts')).benchValidation(),
  keys: async () => (await import('../bench/keys.ts')).benchKeys(),
};

/** `mohr bench <name> [--json] [--growth]`: figures with their peers, measured in one run. */
export async function bench(args: string[]): Promise<number> {
  const [name, ...flags] = args;
  const run = BENCHES[name ?? ''];
  const known = name === 'issuance' ? ['--json', GROWTH] : ['--json'];
  if (!run || flags.some((flag) => !known.includes(flag))) {
    throw new DomainError(
      'usage',
      `expected: mohr bench ${Object.keys(BENCHES).join('|')} [--json], issuance also with ${GROWTH}`,
    );
  }
  const report = await run(flags);
  process.stdout.write(flags.includes('--json') ? `${JSON.stringify(report)}\n` : benchTable(report));
  return 0;
}

/** A report for people. */
export function benchTable({ bench: name, conditions, figures }: BenchReport): string {
  const facts = Object.entries(conditions).map(([what, value]) => `  ${what}: ${value}\n`);
  return `${name}\n${facts.join('')}\n${figures.map(row).join('')}`;
}

function row({ id, value, unit, peer, ratio }: BenchFigure): string {
  const against = peer ? `   ${peer.name} ${round(peer.value)} ${unit}   ratio ${round(ratio ?? NaN)}` : '';
  return `  ${id.padEnd(28)} ${round(value).padStart(10)} ${unit}${against}\n`;
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
